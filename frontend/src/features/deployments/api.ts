/** Deployments as the server tells of them: a training's model, made into something for a board, with its proof. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { isOver } from 'components/job/jobs';
import { api, apiUrl } from 'lib/api';
import { projectKeys } from 'lib/projects';
import type { Id, Page, Schemas } from 'lib/types';

export type Board = Schemas['BoardOut'];
export type Target = Schemas['TargetOut'];
export type Spread = Schemas['Spread'];
/** What the verification in the emulator measured; mote/deploy/report.py. */
export type Report = Schemas['Report'];
export type DeploymentRow = Schemas['DeploymentOut'];
export type Deployment = Schemas['DeploymentDetail'];
export type BuiltFile = Schemas['DeploymentFile'];
export type TrainingChoice = Schemas['TrainingOut'];
/** What may be left out has a default on the server. */
export type NewDeployment = Pick<Schemas['NewDeployment'], 'target'> & Partial<Schemas['NewDeployment']>;

const key = (projectId: Id, ...more: unknown[]) => projectKeys.noun(projectId, 'deployments', ...more);
const path = (projectId: Id) => `/projects/${projectId}/deployments`;

export const useBoards = () => useQuery({ queryKey: ['boards'], queryFn: () => api.get<Page<Board>>('/boards'), staleTime: Infinity });
export const useTargets = () => useQuery({ queryKey: ['targets'], queryFn: () => api.get<Page<Target>>('/targets'), staleTime: Infinity });

export const useTrainingChoices = (projectId: Id) =>
  useQuery({
    queryKey: projectKeys.noun(projectId, 'trainings', 'choices'),
    queryFn: async () => (await api.get<Page<TrainingChoice>>(`/projects/${projectId}/trainings`, { limit: 100 })).items.filter((one) => one.state === 'done'),
  });

export const useDeployments = (projectId: Id) =>
  useQuery({
    queryKey: key(projectId, 'list'),
    queryFn: () => api.get<Page<DeploymentRow>>(path(projectId), { limit: 100 }),
    refetchInterval: (query) => (query.state.data?.items.some((one) => !isOver(one.state)) ? 4000 : false),
  });

export const useDeployment = (projectId: Id, id: Id) =>
  useQuery({
    queryKey: key(projectId, id),
    queryFn: () => api.get<Deployment>(`${path(projectId)}/${id}`),
    refetchInterval: (query) => (query.state.data && !isOver(query.state.data.state) ? 2000 : false),
  });

export function useStartDeployment(projectId: Id) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: NewDeployment) => api.post<Schemas['StartedDeployment']>(path(projectId), body),
    onSuccess: () => client.invalidateQueries({ queryKey: projectKeys.all(projectId) }),
    meta: { ownError: true },
  });
}

export function useDeleteDeployment(projectId: Id) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: Id) => api.delete(`${path(projectId)}/${id}`),
    onSuccess: () => client.invalidateQueries({ queryKey: key(projectId) }),
  });
}

/** What the server wants to hear before it hands out an image that failed. */
export const UNVERIFIED = 'yes-i-know';

export const fileUrl = (projectId: Id, id: Id, name: string, unverified: boolean) =>
  apiUrl(`${path(projectId)}/${id}/files/${encodeURIComponent(name)}`, unverified ? { unverified: UNVERIFIED } : {});
