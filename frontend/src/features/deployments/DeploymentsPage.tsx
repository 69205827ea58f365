import { Anchor, Badge, Button, Group, Paper, Skeleton, Stack, Text } from '@mantine/core';
import { IconBrain, IconShieldCheck, IconShieldX } from '@tabler/icons-react';
import { Link, useSearchParams } from 'react-router';
import { EmptyState } from 'components/EmptyState';
import { ErrorCard } from 'components/ErrorCard';
import { isOver } from 'components/job/jobs';
import { StateBadge } from 'components/job/StateBadge';
import { PageHeader } from 'components/PageHeader';
import { ago, dateTime } from 'lib/format';
import { useOpenProject } from 'lib/projects';
import { useStatus } from 'lib/session';
import { useBoards, useDeployments, useTargets, useTrainingChoices, type Board, type DeploymentRow, type Target } from './api';
import { StartPanel, ToolNotes } from './StartPanel';

export function VerdictBadge({ verdict }: { verdict: 'pass' | 'fail' | null }) {
  if (verdict === null) return null;
  const Sign = verdict === 'pass' ? IconShieldCheck : IconShieldX;
  return (
    <Badge variant="light" color={verdict === 'pass' ? 'teal' : 'red'} tt="none" leftSection={<Sign size={12} />} style={{ flex: 'none' }}>
      {verdict === 'pass' ? 'Verified' : 'Failed verification'}
    </Badge>
  );
}

function Row({ row, boards, targets }: { row: DeploymentRow; boards: Board[]; targets: Target[] }) {
  const target = targets.find((one) => one.name === row.target)?.title ?? row.target;
  const board = boards.find((one) => one.name === row.board)?.title ?? row.board;
  const parts = [board, row.training_number && `Training ${row.training_number}`].filter(Boolean);
  return (
    <Paper p="md" component="li">
      <Group justify="space-between" gap="xs">
        <Stack gap={2} style={{ minWidth: 0 }}>
          <Group gap="xs">
            <Anchor component={Link} to={row.id} fw={600}>
              {target} {row.number}
            </Anchor>
            {row.verdict ? <VerdictBadge verdict={row.verdict} /> : <StateBadge state={row.state} />}
          </Group>
          <Text size="sm" c="dimmed">
            {parts.join(', ')}
          </Text>
          {row.job?.error && (
            <Text size="sm" c="red">
              {row.job.error.message}
            </Text>
          )}
        </Stack>
        <Text size="sm" c="dimmed" title={dateTime(row.created_at)}>
          {!isOver(row.state) && row.job ? row.job.message : ago(row.created_at)}
        </Text>
      </Group>
    </Paper>
  );
}

/** What was built, newest first, and the form for the next one. */
export function DeploymentsPage() {
  const { projectId, project, may } = useOpenProject();
  const [search] = useSearchParams();
  const deployments = useDeployments(projectId);
  const boards = useBoards();
  const targets = useTargets();
  const trainings = useTrainingChoices(projectId);
  const { data: status } = useStatus();
  const error = deployments.error ?? boards.error ?? targets.error ?? trainings.error;
  const items = deployments.data?.items ?? [];
  const wanted = { training: search.get('training'), target: search.get('target') };
  const ready = boards.data && targets.data && trainings.data && project;

  return (
    <>
      <PageHeader title="Deployment" description="Firmware is built, booted in an emulator and fed your own testing windows before it is offered." />
      <Stack>
        {error && <ErrorCard error={error} retry={() => void deployments.refetch()} />}
        {boards.data && <ToolNotes boards={boards.data.items} tools={status?.tools ?? []} />}
        {trainings.data?.length === 0 && (
          <EmptyState
            icon={IconBrain}
            title="No trained model yet"
            action={
              <Button component={Link} to={`/projects/${projectId}/trainings`}>
                Go to training
              </Button>
            }
          >
            Train one to build firmware that classifies. Firmware that only sends readings, to record with, can be built now.
          </EmptyState>
        )}
        {!ready && !error && <Skeleton h={260} />}
        {ready && may('editor') && (
          <StartPanel
            key={`${wanted.training}:${wanted.target}:${trainings.data.length}`}
            projectId={projectId}
            boards={boards.data.items}
            targets={targets.data.items}
            trainings={trainings.data}
            readings={{ rate_hz: project?.rate_hz ?? null, axes: project?.axes ?? [] }}
            wanted={wanted}
          />
        )}
        <Stack gap="sm" component="ul" p={0} m={0} style={{ listStyle: 'none' }}>
          {items.map((row) => (
            <Row key={row.id} row={row} boards={boards.data?.items ?? []} targets={targets.data?.items ?? []} />
          ))}
        </Stack>
      </Stack>
    </>
  );
}
