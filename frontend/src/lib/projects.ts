/** The open project. Features read it here; the projects feature changes it. */
import { useQuery } from '@tanstack/react-query';
import { useParams } from 'react-router';
import { api } from './api';
import { atLeast } from './permissions';
import type { Id, Page, Project, Role } from './types';

export const projectKeys = {
  list: ['projects', 'list'] as const,
  all: (projectId: Id) => ['projects', projectId] as const,
  detail: (projectId: Id) => ['projects', projectId, 'detail'] as const,
  /** The key of everything under one noun of a project, for example `noun(id, "samples")`. */
  noun: (projectId: Id, noun: string, ...more: unknown[]) => ['projects', projectId, noun, ...more] as const,
};

export const useProjects = () =>
  useQuery({ queryKey: projectKeys.list, queryFn: () => api.get<Page<Project>>('/projects', { limit: 200 }) });

export const useProject = (projectId: Id) =>
  useQuery({ queryKey: projectKeys.detail(projectId), queryFn: () => api.get<Project>(`/projects/${projectId}`) });

/** The id in the address of a page below /projects/:projectId. */
export function useProjectId(): Id {
  const { projectId } = useParams();
  if (!projectId) throw new Error('useProjectId is for pages below /projects/:projectId');
  return projectId;
}

/** The open project once it is known, and what the reader may do in it. */
export function useOpenProject() {
  const projectId = useProjectId();
  const { data: project } = useProject(projectId);
  return { projectId, project, may: (needed: Role) => atLeast(project?.role, needed) };
}
