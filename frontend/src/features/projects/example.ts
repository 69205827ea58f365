import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from 'react-router';
import { api } from 'lib/api';
import { projectKeys } from 'lib/projects';
import type { Project } from 'lib/types';

/** Makes the example project, whose recordings are simulated, and opens it. */
export function useExampleProject() {
  const client = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: () => api.post<Project>('/projects/example', {}),
    onSuccess: (project) => {
      client.invalidateQueries({ queryKey: projectKeys.list });
      navigate(`/projects/${project.id}`);
    },
  });
}
