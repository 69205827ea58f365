/** What the pipeline page asks of the server. */
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Signal } from 'components/signal';
import { ApiError, api } from 'lib/api';
import { pipelineKey, type Pipeline, type SavedPipeline } from 'lib/pipeline';
import { projectKeys } from 'lib/projects';
import type { Id, Page, Schemas } from 'lib/types';

export type BlockOutput = Schemas['PreviewBlock'];
export type Preview = Schemas['PreviewOut'];

export type SampleChoice = Schemas['SampleOut'];

/** The pipeline as it is now, when a save came too late; null for any other error. */
export function currentOf(error: unknown): SavedPipeline | null {
  if (!(error instanceof ApiError) || error.status !== 409) return null;
  return (error.detail?.current as SavedPipeline | undefined) ?? null;
}

export function useSavePipeline(projectId: Id) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: { version: number; pipeline: Pipeline }) => api.put<SavedPipeline>(`/projects/${projectId}/pipeline`, body),
    onSuccess: (saved) => client.setQueryData(pipelineKey(projectId), saved),
    meta: { ownError: true },
  });
}

const fetchSuggestion = (projectId: Id) => api.post<{ pipeline: Pipeline }>(`/projects/${projectId}/pipeline/suggest`);

export const useSuggest = (projectId: Id) => useMutation({ mutationFn: () => fetchSuggestion(projectId) });

/** The pipeline to begin with in a project that has none. */
export const useFirstSuggestion = (projectId: Id, wanted: boolean) =>
  useQuery({ queryKey: [...pipelineKey(projectId), 'first'], queryFn: () => fetchSuggestion(projectId), enabled: wanted, staleTime: Infinity, retry: false });

/** Samples to look at, by a part of their names. */
export const useSampleChoices = (projectId: Id, search: string) =>
  useQuery({
    queryKey: projectKeys.noun(projectId, 'samples', 'choices', search),
    queryFn: ({ signal }) => api.get<Page<SampleChoice>>(`/projects/${projectId}/samples`, { search, limit: 50 }, signal),
    placeholderData: keepPreviousData,
  });

export const useWholeSignal = (projectId: Id, sampleId: Id | undefined) =>
  useQuery({
    queryKey: projectKeys.noun(projectId, 'samples', 'signal', sampleId),
    queryFn: ({ signal }) => api.get<Signal>(`/projects/${projectId}/samples/${sampleId}/signal`, { points: 1200 }, signal),
    enabled: Boolean(sampleId),
    staleTime: Infinity,
  });

export const usePreview = (projectId: Id, pipeline: Pipeline | null, sampleId: Id | undefined, start_s: number) =>
  useQuery({
    queryKey: projectKeys.noun(projectId, 'pipeline-preview', pipeline, sampleId, start_s),
    queryFn: ({ signal }) => api.post<Preview>(`/projects/${projectId}/pipeline/preview`, { pipeline, sample_id: sampleId, start_s }, signal),
    enabled: Boolean(pipeline && sampleId),
    placeholderData: keepPreviousData,
    staleTime: 60_000,
    retry: false,
  });
