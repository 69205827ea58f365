import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { IconAlertCircle, IconRefreshAlert } from '@tabler/icons-react';
import { ProgressLine } from 'components/ProgressLine';
import { duration } from 'lib/format';
import { isOver, MOST_ATTEMPTS, ranFor, timeLeft, useCancelJob, useNow, useRetryJob, type JobRow } from './jobs';

interface Props {
  projectId: string;
  job: JobRow;
  /** The reader may stop and start jobs. */
  mayControl: boolean;
  /** The page says itself how long it will take, and better. */
  hideLeft?: boolean;
}

/** "12 s, about 40 s left" */
export function Times({ job, hideLeft }: { job: JobRow; hideLeft?: boolean }) {
  const now = useNow(job.state === 'running');
  const [ran, left] = [ranFor(job, now), hideLeft ? null : timeLeft(job, now)];
  if (ran === null) return null;
  return (
    <Text size="sm" c="dimmed" className="tabular">
      {duration(Math.round(ran) || ran)}
      {left !== null && `, about ${duration(Math.ceil(left))} left`}
    </Text>
  );
}

/** Said when a worker died or was lost and the job was begun again. */
export function AttemptNote({ job }: { job: JobRow }) {
  if (job.attempt < 2) return null;
  return (
    <Group gap={6} c="orange" wrap="nowrap" align="flex-start">
      <IconRefreshAlert size={16} style={{ flex: 'none', marginTop: 2 }} />
      <Text size="sm">
        Attempt {job.attempt} of {MOST_ATTEMPTS}: the worker of the attempt before died or was lost, so the job was queued again by itself.
      </Text>
    </Group>
  );
}

export function JobError({ job }: { job: JobRow }) {
  if (!job.error) return null;
  return (
    <Alert color="red" icon={<IconAlertCircle />} title={job.error.message} role="alert">
      {job.error.hint}
    </Alert>
  );
}

export function CancelButton({ projectId, job }: { projectId: string; job: JobRow }) {
  const cancel = useCancelJob(projectId);
  return (
    <Button size="xs" variant="default" loading={cancel.isPending} onClick={() => cancel.mutate(job.id)}>
      Cancel
    </Button>
  );
}

export function RetryButton({ projectId, job }: { projectId: string; job: JobRow }) {
  const retry = useRetryJob(projectId);
  return (
    <Button size="xs" variant="light" loading={retry.isPending} onClick={() => retry.mutate(job.id)}>
      Try again
    </Button>
  );
}

/** How far a job is, while it waits or runs. */
export function JobBar({ job }: { job: JobRow }) {
  if (isOver(job.state)) return null;
  if (job.state === 'queued') return <Text size="sm">{job.message || 'Waiting for a worker'}</Text>;
  return <ProgressLine fraction={job.progress} message={job.message} />;
}

/** How far a job is, with the way to stop it, or why it failed, with the way to try again. */
export function JobProgress({ projectId, job, mayControl, hideLeft }: Props) {
  if (job.state === 'done') return null;
  return (
    <Stack gap="sm">
      <JobBar job={job} />
      <AttemptNote job={job} />
      <JobError job={job} />
      {job.state === 'cancelled' && <Text c="dimmed">This was cancelled before it was done.</Text>}
      <Group justify="space-between" gap="xs">
        <Times job={job} hideLeft={hideLeft} />
        {mayControl && !isOver(job.state) && <CancelButton projectId={projectId} job={job} />}
        {mayControl && (job.state === 'failed' || job.state === 'cancelled') && <RetryButton projectId={projectId} job={job} />}
      </Group>
    </Stack>
  );
}
