import { ActionIcon, Box, Button, Group, Skeleton, Stack, TextInput } from '@mantine/core';
import { IconArrowLeft } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useNavigate, useParams } from 'react-router';
import { ConfirmDialog } from 'components/ConfirmDialog';
import { ErrorCard } from 'components/ErrorCard';
import { notifyDone } from 'components/notify';
import { PageHeader } from 'components/PageHeader';
import { Section } from 'components/Section';
import { api } from 'lib/api';
import { atLeast } from 'lib/permissions';
import type { Team } from 'lib/types';
import { teamKeys, useTeam } from './queries';
import { TeamPanel } from './TeamPanel';

function Name({ team }: { team: Team }) {
  const client = useQueryClient();
  const [name, setName] = useState(team.name);
  const save = useMutation({
    mutationFn: () => api.patch<Team>(`/teams/${team.id}`, { version: team.version, name: name.trim() }),
    onSuccess: () => notifyDone('Name saved'),
    onSettled: () => client.invalidateQueries({ queryKey: ['teams'] }),
  });
  return (
    <Section title="Team">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <Group align="flex-end">
          <TextInput label="Name" required style={{ flex: 1, maxWidth: 420 }} value={name} onChange={(e) => setName(e.currentTarget.value)} />
          <Button type="submit" disabled={!name.trim() || name.trim() === team.name} loading={save.isPending}>
            Save
          </Button>
        </Group>
      </form>
    </Section>
  );
}

function Delete({ team }: { team: Team }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const [asking, setAsking] = useState(false);
  const remove = useMutation({
    mutationFn: () => api.delete(`/teams/${team.id}`),
    onSuccess: () => {
      navigate('/account');
      client.removeQueries({ queryKey: teamKeys.detail(team.id) });
      client.invalidateQueries({ queryKey: teamKeys.list });
      client.invalidateQueries({ queryKey: ['projects'] });
    },
    onSettled: () => setAsking(false),
  });
  return (
    <Section danger title="Delete the team" description="Deletes its projects too, with all recordings, models and firmware.">
      <Button color="red" variant="light" onClick={() => setAsking(true)}>
        Delete team
      </Button>
      <ConfirmDialog
        opened={asking}
        title="Delete this team?"
        confirm="Delete team"
        typed={team.name}
        busy={remove.isPending}
        onConfirm={() => remove.mutate()}
        onClose={() => setAsking(false)}
      >
        All of its projects go with it. This cannot be taken back.
      </ConfirmDialog>
    </Section>
  );
}

export default function TeamPage() {
  const { teamId = '' } = useParams();
  const team = useTeam(teamId);
  return (
    <Box maw={820} mx="auto">
      <PageHeader
        title={team.data?.name ?? 'Team'}
        back={
          <ActionIcon component={Link} to="/account" variant="subtle" color="gray" size="lg" aria-label="Back to the account">
            <IconArrowLeft size={20} />
          </ActionIcon>
        }
      />
      {team.isError && <ErrorCard error={team.error} retry={() => team.refetch()} />}
      {team.isPending && <Skeleton h={200} />}
      {team.data && (
        <Stack gap="lg">
          {atLeast(team.data.role, 'admin') && <Name key={team.data.name} team={team.data} />}
          <TeamPanel teamId={teamId} />
          {atLeast(team.data.role, 'owner') && <Delete team={team.data} />}
        </Stack>
      )}
    </Box>
  );
}
