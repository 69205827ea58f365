import { Skeleton, Stack } from '@mantine/core';
import { ErrorCard } from 'components/ErrorCard';
import { Section } from 'components/Section';
import type { Id } from 'lib/types';
import { Invitations } from './Invitations';
import { Members } from './Members';
import { useTeam } from './queries';

/** The people of a team and the ways in. */
export function TeamPanel({ teamId, title }: { teamId: Id; title?: string }) {
  const team = useTeam(teamId);
  if (team.isError) return <ErrorCard error={team.error} retry={() => team.refetch()} />;
  if (!team.data) return <Skeleton h={160} />;
  return (
    <Section title={title ?? 'Members'} description={`Everybody in the team “${team.data.name}” sees all of its projects.`}>
      <Stack gap="md">
        <Members teamId={teamId} myRole={team.data.role} />
        <Invitations teamId={teamId} myRole={team.data.role} />
      </Stack>
    </Section>
  );
}
