import { ActionIcon, Button, Divider, Group, Select, Stack, Text, Tooltip } from '@mantine/core';
import { IconLink, IconX } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { CopyField } from 'components/CopyField';
import { api } from 'lib/api';
import { dateTime } from 'lib/format';
import { ROLES, atLeast, roleName } from 'lib/permissions';
import type { Id, Role } from 'lib/types';
import { teamKeys, useInvitations, type NewInvitation } from './queries';

/** Links that let people in; each works once. */
export function Invitations({ teamId, myRole }: { teamId: Id; myRole: Role }) {
  const client = useQueryClient();
  const [role, setRole] = useState<Role>('editor');
  const allowed = atLeast(myRole, 'admin');
  const open = useInvitations(teamId, allowed);
  const refresh = () => client.invalidateQueries({ queryKey: teamKeys.invitations(teamId) });
  const create = useMutation({ mutationFn: () => api.post<NewInvitation>(`/teams/${teamId}/invitations`, { role }), onSuccess: refresh });
  const withdraw = useMutation({
    mutationFn: (id: Id) => api.delete(`/teams/${teamId}/invitations/${id}`),
    onSuccess: (_answer, id) => {
      if (create.data?.id === id) create.reset();
    },
    onSettled: refresh,
  });
  if (!allowed) return null;
  const help = ROLES.find((entry) => entry.value === role)?.help;
  return (
    <Stack gap="sm">
      <Divider />
      <Group align="flex-end" gap="xs">
        <Select
          label="Invite somebody as"
          w={160}
          value={role}
          data={ROLES.filter((entry) => atLeast(myRole, entry.value)).map(({ value, label }) => ({ value, label }))}
          onChange={(value) => value && setRole(value as Role)}
        />
        <Button variant="light" leftSection={<IconLink size={16} />} loading={create.isPending} onClick={() => create.mutate()}>
          Make a link
        </Button>
      </Group>
      <Text size="xs" c="dimmed">
        {help}. Whoever opens the link first joins the team; send it to them yourself.
      </Text>
      {create.data?.token && (
        <CopyField
          label={`Link for one ${roleName(create.data.role).toLowerCase()}, until ${dateTime(create.data.expires_at)}. It is shown only now.`}
          value={`${window.location.origin}/invitations/${create.data.token}`}
        />
      )}
      {(open.data?.items ?? []).map((invitation) => (
        <Group key={invitation.id} gap="xs" wrap="nowrap">
          <Text size="sm" c="dimmed" style={{ flex: 1 }}>
            Open invitation as {roleName(invitation.role).toLowerCase()}, until {dateTime(invitation.expires_at)}
          </Text>
          <Tooltip label="Withdraw">
            <ActionIcon variant="subtle" color="gray" aria-label="Withdraw the invitation" onClick={() => withdraw.mutate(invitation.id)}>
              <IconX size={16} />
            </ActionIcon>
          </Tooltip>
        </Group>
      ))}
    </Stack>
  );
}
