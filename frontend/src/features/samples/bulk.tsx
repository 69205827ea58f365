/** Relabel, move and delete many samples at once, each with a way back. */
import { useMutation } from '@tanstack/react-query';
import { notifyUndo } from 'components/notify';
import { api } from 'lib/api';
import { plural } from 'lib/format';
import type { Id, Schemas, Split } from 'lib/types';
import { filterQuery, type Filters } from './filters';
import { samplesPath, useRefreshSamples } from './queries';
import type { Selection } from './selection';

export type BulkAction = { action: 'relabel'; label: string | null } | { action: 'move'; split: Split } | { action: 'delete' };

type BulkAnswer = Schemas['BulkAnswer'];

/** What the API takes: the chosen rows, or everything that the filters let through. */
export function bulkTarget(selection: Selection, filters: Filters): { ids: Id[] } | { filter: Record<string, string> } {
  return selection.everything ? { filter: filterQuery(filters) } : { ids: Array.from(selection.ids) };
}

export function bulkSentence(action: BulkAction, changed: number): string {
  const what = plural(changed, 'sample');
  switch (action.action) {
    case 'relabel':
      return action.label ? `${what} labelled “${action.label}”` : `Labels removed from ${what}`;
    case 'move':
      return `${what} moved to ${action.split}`;
    case 'delete':
      return `${what} deleted`;
  }
}

export function useBulk(projectId: Id) {
  const refresh = useRefreshSamples(projectId);
  const path = `${samplesPath(projectId)}/bulk`;
  const undo = useMutation({
    mutationFn: (undoToken: string) => api.post<BulkAnswer>(path, { action: 'undo', undo_token: undoToken }),
    onSettled: refresh,
  });
  return useMutation({
    mutationFn: ({ target, action }: { target: ReturnType<typeof bulkTarget>; action: BulkAction }) =>
      api.post<BulkAnswer>(path, { ...target, ...action }),
    onSuccess: (answer, { action }) => {
      const token = answer.undo_token;
      if (token) notifyUndo(bulkSentence(action, answer.changed), () => undo.mutate(token));
    },
    onSettled: refresh,
  });
}
