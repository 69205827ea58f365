import { Button, Group, Paper, Title } from '@mantine/core';
import { useState } from 'react';
import type { Id } from 'lib/types';
import { JobLog } from './JobLog';
import { isOver, type JobRow } from './jobs';

/** The log of a job; folded away once all went well. */
export function LogCard({ projectId, job }: { projectId: Id; job: JobRow }) {
  const [chosen, setChosen] = useState<boolean | null>(null);
  const open = chosen ?? job.state !== 'done';
  return (
    <Paper p="md">
      <Group justify="space-between" mb={open ? 'sm' : 0}>
        <Title order={2}>Log</Title>
        <Button size="xs" variant="default" aria-expanded={open} onClick={() => setChosen(!open)}>
          {open ? 'Hide' : 'Show'}
        </Button>
      </Group>
      {open && <JobLog projectId={projectId} jobId={job.id} running={!isOver(job.state)} />}
    </Paper>
  );
}
