/** Jobs as every page asks for them: what the worker runs, how far it is, what it wrote. */
import { useMutation, useQuery, useQueryClient, type QueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { api } from 'lib/api';
import { projectKeys } from 'lib/projects';
import type { Id, Job, JobState, Page, Schemas } from 'lib/types';

export type JobRow = Job;

/** A job whose worker dies is begun again up to this often (settings.job_attempts of the server). */
export const MOST_ATTEMPTS = 3;

export const isOver = (state: JobState) => state === 'done' || state === 'failed' || state === 'cancelled';

/** Events tell of every change; the slow question in between is for an event that got lost. */
const pollWhile = (running: boolean) => (running ? 5000 : (false as const));

export const useJobs = (projectId: Id, limit: number) =>
  useQuery({
    queryKey: projectKeys.noun(projectId, 'jobs', 'list', limit),
    queryFn: () => api.get<Page<JobRow>>(`/projects/${projectId}/jobs`, { limit }),
    refetchInterval: (query) => pollWhile(query.state.data?.items.some((job) => !isOver(job.state)) ?? false),
    placeholderData: (was) => was,
  });

export const useJob = (projectId: Id, jobId: Id | null | undefined) =>
  useQuery({
    queryKey: projectKeys.noun(projectId, 'jobs', jobId),
    queryFn: () => api.get<JobRow>(`/projects/${projectId}/jobs/${jobId}`),
    enabled: Boolean(jobId),
    refetchInterval: (query) => pollWhile(query.state.data ? !isOver(query.state.data.state) : false),
  });

type Log = Schemas['JobLog'];

/** Lines kept in the page; the end of a log is what tells. */
const LINES_KEPT = 5000;
const LINES_AT_ONCE = 1000;

async function moreLog(client: QueryClient, projectId: Id, jobId: Id, key: readonly unknown[]): Promise<Log> {
  let { lines, next } = client.getQueryData<Log>(key) ?? { lines: [], next: 0 };
  for (;;) {
    const more = await api.get<Log>(`/projects/${projectId}/jobs/${jobId}/log`, { after: next, limit: LINES_AT_ONCE });
    lines = [...lines, ...more.lines].slice(-LINES_KEPT);
    next = more.next;
    if (more.lines.length < LINES_AT_ONCE) return { lines, next };
  }
}

/** The log of a job; only what is new is asked for. */
export function useJobLog(projectId: Id, jobId: Id | null | undefined, running: boolean) {
  const client = useQueryClient();
  const key = projectKeys.noun(projectId, 'jobs', jobId, 'log');
  return useQuery({
    queryKey: key,
    queryFn: () => moreLog(client, projectId, jobId ?? '', key),
    enabled: Boolean(jobId),
    refetchInterval: running ? 1500 : false,
  });
}

function useJobAction(projectId: Id, action: 'cancel' | 'retry') {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (jobId: Id) => api.post<JobRow>(`/projects/${projectId}/jobs/${jobId}/${action}`),
    onSuccess: () => client.invalidateQueries({ queryKey: projectKeys.all(projectId) }),
  });
}

export const useCancelJob = (projectId: Id) => useJobAction(projectId, 'cancel');
export const useRetryJob = (projectId: Id) => useJobAction(projectId, 'retry');

/** The time, again every second while `running`. */
export function useNow(running: boolean): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (!running) return undefined;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [running]);
  return now;
}

/** Seconds from start to end, or until now; null before the start. */
export function ranFor(job: Pick<Job, 'started_at' | 'finished_at'>, now: number): number | null {
  if (!job.started_at) return null;
  const end = job.finished_at ? Date.parse(job.finished_at) : now;
  return Math.max(0, (end - Date.parse(job.started_at)) / 1000);
}

/** Seconds left if it goes on as it went; null when that says nothing yet. */
export function timeLeft(job: Pick<Job, 'state' | 'progress' | 'started_at' | 'finished_at'>, now: number): number | null {
  const ran = ranFor(job, now);
  if (job.state !== 'running' || ran === null || job.progress < 0.05 || ran < 3) return null;
  return (ran * (1 - job.progress)) / job.progress;
}
