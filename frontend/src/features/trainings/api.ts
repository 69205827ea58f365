/** Trainings as the server tells of them; their jobs are in components/job. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { isOver } from 'components/job/jobs';
import { api, apiUrl } from 'lib/api';
import type { Pipeline } from 'lib/pipeline';
import { projectKeys } from 'lib/projects';
import type { Id, Page, Schemas } from 'lib/types';

export type Figures = Schemas['Figures'];
export type Metrics = Schemas['Metrics'];
export type Epoch = Schemas['EpochInfo'];
export type Lineage = Schemas['Lineage'];
/** A training as a list shows it. */
export type TrainingRow = Omit<Schemas['TrainingOut'], 'pipeline'> & { pipeline: Pipeline };
export type Training = Omit<Schemas['TrainingDetail'], 'pipeline'> & { pipeline: Pipeline };

const key = (projectId: Id, ...more: unknown[]) => projectKeys.noun(projectId, 'trainings', ...more);
const path = (projectId: Id) => `/projects/${projectId}/trainings`;

export const useTrainings = (projectId: Id) =>
  useQuery({
    queryKey: key(projectId, 'list'),
    queryFn: () => api.get<Page<TrainingRow>>(path(projectId), { limit: 100 }),
    refetchInterval: (query) => (query.state.data?.items.some((one) => !isOver(one.state)) ? 4000 : false),
  });

export const useTraining = (projectId: Id, id: Id) =>
  useQuery({
    queryKey: key(projectId, id),
    queryFn: () => api.get<Training>(`${path(projectId)}/${id}`),
    refetchInterval: (query) => (query.state.data && !isOver(query.state.data.state) ? 2000 : false),
  });

export function useStartTraining(projectId: Id) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (pipeline: Pipeline | null) => api.post<Schemas['StartedTraining']>(path(projectId), pipeline ? { pipeline } : {}),
    onSuccess: () => client.invalidateQueries({ queryKey: projectKeys.all(projectId) }),
    meta: { ownError: true },
  });
}

export function useDeleteTraining(projectId: Id) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: Id) => api.delete(`${path(projectId)}/${id}`),
    onSuccess: () => client.invalidateQueries({ queryKey: key(projectId) }),
  });
}

export const modelUrl = (projectId: Id, id: Id, kind: 'int8' | 'float32') => apiUrl(`${path(projectId)}/${id}/model`, { kind });
