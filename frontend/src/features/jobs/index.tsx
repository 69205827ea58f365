import { Anchor, Box, Button, Drawer, Group, Paper, SimpleGrid, Skeleton, Stack, Text } from '@mantine/core';
import { IconBrain, IconCpu, IconFileText, IconListCheck, type Icon } from '@tabler/icons-react';
import { useState } from 'react';
import { Link } from 'react-router';
import { EmptyState } from 'components/EmptyState';
import { ErrorCard } from 'components/ErrorCard';
import { JobLog } from 'components/job/JobLog';
import { AttemptNote, CancelButton, JobBar, JobError, RetryButton, Times } from 'components/job/JobProgress';
import { isOver, useJob, useJobs, type JobRow } from 'components/job/jobs';
import { StateBadge } from 'components/job/StateBadge';
import { PageHeader } from 'components/PageHeader';
import { ago, dateTime, plural } from 'lib/format';
import { useOpenProject } from 'lib/projects';

interface Kind {
  title: string;
  icon: Icon;
  /** Where its subject is shown, below the project. */
  place: string | null;
}

const KINDS: Record<string, Kind> = {
  training: { title: 'Training', icon: IconBrain, place: 'trainings' },
  deployment: { title: 'Build and verify', icon: IconCpu, place: 'deployments' },
};

export function kindOf(job: JobRow): Kind {
  return KINDS[job.kind] ?? KINDS[job.subject?.kind ?? ''] ?? { title: job.kind, icon: IconListCheck, place: null };
}

const PAGE = 50;

interface RowProps {
  projectId: string;
  job: JobRow;
  mayControl: boolean;
  onLog: () => void;
}

function Row({ projectId, job, mayControl, onLog }: RowProps) {
  const { title, icon: IconComponent, place } = kindOf(job);
  return (
    <Paper p="md" component="li">
      <Stack gap="xs">
        <Group justify="space-between" gap="xs">
          <Group gap="sm" wrap="nowrap" style={{ minWidth: 0, flex: '1 1 auto' }}>
            <IconComponent size={18} stroke={1.6} style={{ flex: 'none' }} />
            {place && job.subject ? (
              <Anchor component={Link} to={`/projects/${projectId}/${place}/${job.subject.id}`} fw={600} className="truncate">
                {title}
              </Anchor>
            ) : (
              <Text fw={600}>{title}</Text>
            )}
            <StateBadge state={job.state} />
            <Text size="sm" c="dimmed" title={dateTime(job.created_at)} style={{ whiteSpace: 'nowrap' }}>
              {ago(job.created_at)}
            </Text>
          </Group>
          <Group gap="xs" ml="auto">
            <Times job={job} />
            <Button size="xs" variant="subtle" color="gray" leftSection={<IconFileText size={14} />} onClick={onLog}>
              Log
            </Button>
            {mayControl && !isOver(job.state) && <CancelButton projectId={projectId} job={job} />}
            {mayControl && (job.state === 'failed' || job.state === 'cancelled') && <RetryButton projectId={projectId} job={job} />}
          </Group>
        </Group>
        <JobBar job={job} />
        <AttemptNote job={job} />
        {job.error && (
          <Text size="sm" c="red">
            {job.error.message}
          </Text>
        )}
      </Stack>
    </Paper>
  );
}

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <Box style={{ minWidth: 0 }}>
      <Text size="xs" c="dimmed">
        {name}
      </Text>
      <Text size="sm" component="div" style={{ overflowWrap: 'anywhere' }}>
        {children}
      </Text>
    </Box>
  );
}

function Details({ projectId, job }: { projectId: string; job: JobRow }) {
  return (
    <Stack>
      <Group gap="xs">
        <StateBadge state={job.state} />
        <Times job={job} />
      </Group>
      <AttemptNote job={job} />
      <JobError job={job} />
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
        <Fact name="Asked for">{dateTime(job.created_at)}</Fact>
        <Fact name="Started">{dateTime(job.started_at)}</Fact>
        <Fact name="Finished">{dateTime(job.finished_at)}</Fact>
        <Fact name="Worker">{job.worker ?? '–'}</Fact>
        <Fact name="Attempt">{job.attempt || '–'}</Fact>
        <Fact name="Last sign of life">{dateTime(job.heartbeat_at)}</Fact>
      </SimpleGrid>
      <JobLog projectId={projectId} jobId={job.id} running={!isOver(job.state)} height="52vh" />
    </Stack>
  );
}

export default function JobsPage() {
  const { projectId, may } = useOpenProject();
  const [limit, setLimit] = useState(PAGE);
  const { data, error, isPending, refetch } = useJobs(projectId, limit);
  const [shown, setShown] = useState<string | null>(null);
  const fresh = useJob(projectId, shown);
  const job = fresh.data ?? data?.items.find((one) => one.id === shown);
  const running = data?.items.filter((one) => !isOver(one.state)).length ?? 0;

  return (
    <>
      <PageHeader title="Jobs" description={running > 0 ? `${plural(running, 'job')} under way` : 'What the workers of this project do and did.'} />
      {error && <ErrorCard error={error} retry={() => void refetch()} />}
      {isPending && <Skeleton h={160} />}
      {data?.items.length === 0 && (
        <EmptyState
          icon={IconListCheck}
          title="No jobs yet"
          action={
            <Button component={Link} to={`/projects/${projectId}/trainings`}>
              Go to training
            </Button>
          }
        >
          Trainings and builds run as jobs: they go on when this page is closed, and start again by themselves when a worker dies.
        </EmptyState>
      )}
      <Stack gap="sm" component="ul" p={0} m={0} style={{ listStyle: 'none' }}>
        {data?.items.map((one) => (
          <Row key={one.id} projectId={projectId} job={one} mayControl={may('editor')} onLog={() => setShown(one.id)} />
        ))}
      </Stack>
      {data && data.total > data.items.length && (
        <Button variant="default" mt="md" onClick={() => setLimit(limit + PAGE)}>
          Show more ({data.total - data.items.length})
        </Button>
      )}
      <Drawer opened={shown !== null} onClose={() => setShown(null)} position="right" size="lg" title={job ? kindOf(job).title : 'Job'}>
        {job && <Details projectId={projectId} job={job} />}
      </Drawer>
    </>
  );
}
