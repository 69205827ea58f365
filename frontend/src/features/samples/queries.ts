import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { Signal } from 'components/signal';
import { api } from 'lib/api';
import { labelColors } from 'lib/colors';
import { projectKeys } from 'lib/projects';
import type { Id, Page, Schemas } from 'lib/types';
import { PAGE_SIZE, filterQuery, type Filters } from './filters';

/** One recording as the list and the page show it. */
export type Sample = Schemas['SampleOut'];
export type Summary = Schemas['Summary'];
export type LabelInfo = Schemas['LabelInfo'];

export const sampleKeys = {
  all: (projectId: Id) => projectKeys.noun(projectId, 'samples'),
  list: (projectId: Id, query: unknown) => projectKeys.noun(projectId, 'samples', 'list', query),
  one: (projectId: Id, id: Id) => projectKeys.noun(projectId, 'samples', 'one', id),
  signal: (projectId: Id, id: Id, ...part: number[]) => projectKeys.noun(projectId, 'samples', 'signal', id, 'plot', ...part),
  summary: (projectId: Id) => projectKeys.noun(projectId, 'samples', 'summary'),
  labels: (projectId: Id) => projectKeys.noun(projectId, 'samples', 'labels'),
};

export const samplesPath = (projectId: Id) => `/projects/${projectId}/samples`;

/** One page of the list under its filters. */
export function useSamples(projectId: Id, filters: Filters) {
  const query = { ...filterQuery(filters), sort: filters.sort, offset: (filters.page - 1) * PAGE_SIZE, limit: PAGE_SIZE };
  return useQuery({
    queryKey: sampleKeys.list(projectId, query),
    queryFn: ({ signal }) => api.get<Page<Sample>>(samplesPath(projectId), query, signal),
    placeholderData: keepPreviousData,
  });
}

export const useSample = (projectId: Id, id: Id) =>
  useQuery({
    queryKey: sampleKeys.one(projectId, id),
    queryFn: ({ signal }) => api.get<Sample>(`${samplesPath(projectId)}/${id}`, undefined, signal),
  });

export const useSummary = (projectId: Id) =>
  useQuery({ queryKey: sampleKeys.summary(projectId), queryFn: () => api.get<Summary>(`${samplesPath(projectId)}/summary`) });

/** The labels of the project with their colours, in the order of their names. */
export function useLabels(projectId: Id) {
  const query = useQuery({
    queryKey: sampleKeys.labels(projectId),
    queryFn: () => api.get<Page<LabelInfo>>(`${samplesPath(projectId)}/labels`),
  });
  const labels = useMemo(() => (query.data?.items ?? []).map((item) => item.label), [query.data]);
  const colors = useMemo(() => labelColors(labels), [labels]);
  return { labels, colors };
}

/** At most so many points are asked for: a stretch up to three times the view (see signalPart.ts), at a screen's columns. */
export const POINTS = 3000;

/** The readings from start to end; while a closer look is on its way the coarser one stays. */
export function useSignal(projectId: Id, id: Id, part: readonly [number, number] | null) {
  return useQuery({
    queryKey: sampleKeys.signal(projectId, id, ...(part ?? [])),
    queryFn: ({ signal }) =>
      api.get<Signal>(
        `${samplesPath(projectId)}/${id}/signal`,
        part ? { start_s: part[0], end_s: part[1], points: POINTS } : { points: POINTS },
        signal,
      ),
    staleTime: Infinity, // readings never change
    gcTime: 120_000,
    placeholderData: (previous, previousQuery) => (previousQuery?.queryKey[4] === id ? previous : undefined),
  });
}

/** Makes everything that shows samples of this project stale. */
export function useRefreshSamples(projectId: Id) {
  const client = useQueryClient();
  return () => {
    client.invalidateQueries({
      queryKey: sampleKeys.all(projectId),
      predicate: (query) => query.queryKey[3] !== 'signal',
    });
    client.invalidateQueries({ queryKey: projectKeys.detail(projectId) });
    client.invalidateQueries({ queryKey: projectKeys.list });
  };
}
