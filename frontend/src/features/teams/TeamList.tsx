import { Button, Group, Modal, NavLink, Skeleton, Stack, Text, TextInput } from '@mantine/core';
import { IconChevronRight, IconPlus, IconUsers } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { ErrorCard } from 'components/ErrorCard';
import { Section } from 'components/Section';
import { api } from 'lib/api';
import { roleName } from 'lib/permissions';
import type { Team } from 'lib/types';
import { teamKeys, useTeams } from './queries';

function CreateTeam({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const [name, setName] = useState('');
  const create = useMutation({
    meta: { ownError: true },
    mutationFn: () => api.post<Team>('/teams', { name: name.trim() }),
    onSuccess: (team) => {
      client.invalidateQueries({ queryKey: teamKeys.list });
      onClose();
      navigate(`/teams/${team.id}`);
    },
  });
  return (
    <Modal opened={opened} onClose={onClose} title="New team">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          create.mutate();
        }}
      >
        <Stack>
          <TextInput label="Name" required data-autofocus value={name} onChange={(e) => setName(e.currentTarget.value)} />
          {create.isError && <ErrorCard error={create.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" disabled={!name.trim()} loading={create.isPending}>
              Create team
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

/** The teams one belongs to. */
export function TeamList() {
  const teams = useTeams();
  const [creating, setCreating] = useState(false);
  return (
    <Section
      title="Teams"
      description="A team owns projects; its members share them."
      actions={
        <Button variant="light" leftSection={<IconPlus size={16} />} onClick={() => setCreating(true)}>
          New team
        </Button>
      }
    >
      {teams.isError && <ErrorCard error={teams.error} retry={() => teams.refetch()} />}
      {teams.isPending && <Skeleton h={40} />}
      <Stack gap={2}>
        {teams.data?.items.map((team) => (
          <NavLink
            key={team.id}
            component={Link}
            to={`/teams/${team.id}`}
            leftSection={<IconUsers size={18} />}
            rightSection={<IconChevronRight size={16} />}
            style={{ borderRadius: 'var(--mantine-radius-md)' }}
            label={
              <Group justify="space-between" wrap="nowrap">
                <Text size="sm" className="truncate" title={team.name}>
                  {team.name}
                </Text>
                <Text size="xs" c="dimmed">
                  {roleName(team.role)}
                </Text>
              </Group>
            }
          />
        ))}
      </Stack>
      {creating && <CreateTeam opened onClose={() => setCreating(false)} />}
    </Section>
  );
}
