/** The pipeline of a project and the blocks it may be made of, as several pages read them. */
import { useQuery } from '@tanstack/react-query';
import { api } from './api';
import { duration } from './format';
import { projectKeys } from './projects';
import type { Id, Schemas } from './types';

/** What may be left out of a request is always there in an answer. */
export type BlockSpec = Required<Schemas['BlockSpec']>;
export type Pipeline = Omit<Schemas['Pipeline'], 'blocks' | 'learn'> & { blocks: BlockSpec[]; learn: Required<Schemas['LearnSpec']> };
export type Pad = Pipeline['window']['pad'];
/** A DSP or a learning block as it describes itself. */
export type BlockInfo = Schemas['LearnBlockInfo'];
export type Catalogue = Schemas['BlockCatalogue'];
export type SavedPipeline = Omit<Schemas['PipelineOut'], 'pipeline'> & { pipeline: Pipeline | null };

export const useCatalogue = () => useQuery({ queryKey: ['blocks'], queryFn: () => api.get<Catalogue>('/blocks'), staleTime: Infinity });

export const pipelineKey = (projectId: Id) => projectKeys.noun(projectId, 'pipeline');

export const usePipeline = (projectId: Id) =>
  useQuery({ queryKey: pipelineKey(projectId), queryFn: () => api.get<SavedPipeline>(`/projects/${projectId}/pipeline`) });

/** "1 s every 500 ms, MFCC + Statistics, Classifier (conv1d)" */
export function pipelineWords(pipeline: Pipeline, catalogue?: Catalogue): string {
  const title = (list: BlockInfo[] | undefined, name: string) => list?.find((info) => info.name === name)?.title ?? name;
  const { window, blocks, learn } = pipeline;
  const cut = `${duration(window.length_ms / 1000)} every ${duration(window.stride_ms / 1000)}`;
  const preset = learn.params.preset ?? catalogue?.learn.find((info) => info.name === learn.block)?.params.find((param) => param.name === 'preset')?.default;
  return `${cut}, ${blocks.map((spec) => title(catalogue?.dsp, spec.block)).join(' + ')}, ${title(catalogue?.learn, learn.block)}${preset ? ` (${preset})` : ''}`;
}
