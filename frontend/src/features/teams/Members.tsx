import { ActionIcon, Avatar, Group, Select, Skeleton, Stack, Text, Tooltip } from '@mantine/core';
import { IconUserMinus } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { ConfirmDialog } from 'components/ConfirmDialog';
import { ErrorCard } from 'components/ErrorCard';
import { api } from 'lib/api';
import { ROLES, atLeast, roleName } from 'lib/permissions';
import { useSession } from 'lib/session';
import type { Id, Member, Role } from 'lib/types';
import { teamKeys, useMembers } from './queries';

interface RowProps {
  member: Member;
  own: boolean;
  myRole: Role;
  onRole: (role: Role) => void;
  onRemove: () => void;
}

function Row({ member, own, myRole, onRole, onRemove }: RowProps) {
  const mayChange = atLeast(myRole, 'admin') && atLeast(myRole, member.role);
  return (
    <Group wrap="nowrap" gap="sm">
      <Avatar visibleFrom="xs" size={34} radius="xl" name={member.name || member.email} color="mote" />
      <div style={{ flex: 1, minWidth: 0 }}>
        <Text size="sm" fw={500} className="truncate" title={member.name}>
          {member.name}
          {own && (
            <Text span c="dimmed" fw={400}>
              {' '}
              (you)
            </Text>
          )}
        </Text>
        <Text size="xs" c="dimmed" className="truncate" title={member.email}>
          {member.email}
        </Text>
      </div>
      {mayChange ? (
        <Select
          w={{ base: 112, sm: 132 }}
          size="sm"
          aria-label={`Role of ${member.name}`}
          value={member.role}
          data={ROLES.filter((role) => atLeast(myRole, role.value)).map(({ value, label }) => ({ value, label }))}
          onChange={(role) => role && onRole(role as Role)}
        />
      ) : (
        <Text size="sm" c="dimmed">
          {roleName(member.role)}
        </Text>
      )}
      {mayChange || own ? (
        <Tooltip label={own ? 'Leave the team' : 'Remove from the team'}>
          <ActionIcon variant="subtle" color="gray" onClick={onRemove} aria-label={own ? 'Leave the team' : `Remove ${member.name}`}>
            <IconUserMinus size={18} />
          </ActionIcon>
        </Tooltip>
      ) : (
        <div style={{ width: 28 }} />
      )}
    </Group>
  );
}

/** Who is in a team, with which role. */
export function Members({ teamId, myRole }: { teamId: Id; myRole: Role }) {
  const { data: me } = useSession();
  const client = useQueryClient();
  const navigate = useNavigate();
  const members = useMembers(teamId);
  const [leaving, setLeaving] = useState<Member | null>(null);
  const refresh = () => client.invalidateQueries({ queryKey: ['teams'] });
  const setRole = useMutation({
    mutationFn: ({ member, role }: { member: Member; role: Role }) => api.patch(`/teams/${teamId}/members/${member.user_id}`, { role }),
    onSettled: () => {
      client.invalidateQueries({ queryKey: ['projects'] });
      return refresh();
    },
  });
  const remove = useMutation({
    mutationFn: (member: Member) => api.delete(`/teams/${teamId}/members/${member.user_id}`),
    onSuccess: (_answer, member) => {
      if (member.user_id === me?.id) {
        navigate('/');
        client.removeQueries({ queryKey: teamKeys.detail(teamId) });
        client.invalidateQueries({ queryKey: ['projects'] });
      }
    },
    onSettled: () => {
      setLeaving(null);
      return refresh();
    },
  });
  const own = leaving?.user_id === me?.id;
  if (members.isError) return <ErrorCard error={members.error} retry={() => members.refetch()} />;
  if (!members.data) return <Skeleton h={80} />;
  return (
    <Stack gap="sm">
      {members.data.items.map((member) => (
        <Row
          key={member.user_id}
          member={member}
          own={member.user_id === me?.id}
          myRole={myRole}
          onRole={(role) => setRole.mutate({ member, role })}
          onRemove={() => setLeaving(member)}
        />
      ))}
      <ConfirmDialog
        opened={leaving !== null}
        title={own ? 'Leave the team?' : `Remove ${leaving?.name ?? ''}?`}
        confirm={own ? 'Leave' : 'Remove'}
        busy={remove.isPending}
        onConfirm={() => leaving && remove.mutate(leaving)}
        onClose={() => setLeaving(null)}
      >
        {own ? 'You' : leaving?.name} will no longer see the team’s projects. What {own ? 'you' : 'they'} made in them stays.
      </ConfirmDialog>
    </Stack>
  );
}
