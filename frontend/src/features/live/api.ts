/** What the live page asks of the server. */
import { useQuery } from '@tanstack/react-query';
import { api } from 'lib/api';
import { projectKeys } from 'lib/projects';
import type { Id, Page } from 'lib/types';
import type { Piece } from './recorder';
import { base64Floats } from './recordings';

/** The labels of the project, by name. */
export const useLabelNames = (projectId: Id) =>
  useQuery({
    queryKey: projectKeys.noun(projectId, 'samples', 'label-names'),
    queryFn: async () => {
      const { items } = await api.get<Page<{ label: string }>>(`/projects/${projectId}/samples/labels`);
      return items.map((item) => item.label);
    },
  });

export interface Source {
  device: string;
  firmware: string;
  synthetic: boolean;
}

/** Stores one recording; answers with the id of the sample. */
export async function saveRecording(projectId: Id, name: string, piece: Piece, source: Source): Promise<Id> {
  const metadata: Record<string, string> = { source: 'live', device: source.device };
  if (source.firmware) metadata.firmware = source.firmware;
  if (source.synthetic) metadata.synthetic = 'true';
  if (piece.lost > 0) metadata.lost_readings = String(piece.lost);
  const sample = await api.post<{ id: Id }>(`/projects/${projectId}/samples/recordings`, {
    name,
    label: piece.label || null,
    rate_hz: piece.rate_hz,
    axes: piece.axes,
    values_f32: base64Floats(piece.values),
    metadata,
  });
  return sample.id;
}

export const deleteSample = (projectId: Id, sampleId: Id) => api.delete(`/projects/${projectId}/samples/${sampleId}`);
export const restoreSample = (projectId: Id, sampleId: Id) => api.post(`/projects/${projectId}/samples/${sampleId}/restore`);
