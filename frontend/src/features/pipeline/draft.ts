/** The pipeline as it is being edited: changes, problems, and what a server's refusal points at. No React, no requests. */
import { paramProblem, paramTitle } from 'components/ParamForm';
import type { ApiError } from 'lib/api';
import type { BlockInfo, BlockSpec, Catalogue, Pipeline } from 'lib/pipeline';
import type { Param, ParamValue } from 'lib/types';

export type Change =
  | { kind: 'replace'; pipeline: Pipeline }
  | { kind: 'window'; window: Partial<Pipeline['window']> }
  | { kind: 'set'; values: Partial<Pick<Pipeline, 'label_threshold' | 'standardise'>> }
  | { kind: 'add'; block: string }
  | { kind: 'remove'; at: number }
  | { kind: 'move'; at: number; by: 1 | -1 }
  | { kind: 'params'; at: number; params: Record<string, ParamValue> }
  | { kind: 'axes'; at: number; axes: string[] }
  | { kind: 'learn'; block: string }
  | { kind: 'learn-params'; params: Record<string, ParamValue> };

export function change(pipeline: Pipeline, action: Change): Pipeline {
  const replaceBlock = (at: number, values: Partial<BlockSpec>) => ({
    ...pipeline,
    blocks: pipeline.blocks.map((block, index) => (index === at ? { ...block, ...values } : block)),
  });
  switch (action.kind) {
    case 'replace':
      return action.pipeline;
    case 'window':
      return { ...pipeline, window: { ...pipeline.window, ...action.window } };
    case 'set':
      return { ...pipeline, ...action.values };
    case 'add':
      return { ...pipeline, blocks: [...pipeline.blocks, { block: action.block, axes: [], params: {} }] };
    case 'remove':
      return pipeline.blocks.length > 1 ? { ...pipeline, blocks: pipeline.blocks.filter((_, index) => index !== action.at) } : pipeline;
    case 'move':
      return { ...pipeline, blocks: moved(pipeline.blocks, action.at, action.at + action.by) };
    case 'params':
      return replaceBlock(action.at, { params: action.params });
    case 'axes':
      return replaceBlock(action.at, { axes: action.axes });
    case 'learn':
      return action.block === pipeline.learn.block ? pipeline : { ...pipeline, learn: { block: action.block, params: {} } };
    case 'learn-params':
      return { ...pipeline, learn: { ...pipeline.learn, params: action.params } };
  }
}

function moved<T>(list: readonly T[], from: number, to: number): T[] {
  const next = [...list];
  if (to < 0 || to >= list.length) return next;
  const [taken] = next.splice(from, 1);
  next.splice(to, 0, taken);
  return next;
}

/** Equal whatever the order of the keys, which a database may change. */
export function samePipeline(a: Pipeline, b: Pipeline): boolean {
  return canonical(a) === canonical(b);
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    inner && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([one], [other]) => (one < other ? -1 : 1)))
      : inner,
  );
}

/** Where a problem lies: "window.length_ms", "blocks.0.coefficients", "learn.epochs", or "" for the whole. */
export type Place = string;
export type Problems = Record<Place, string>;

/** What this page can see by itself, before any server is asked. */
export function problemsOf(pipeline: Pipeline, catalogue: Catalogue): Problems {
  const found: Problems = {};
  const { length_ms, stride_ms } = pipeline.window;
  if (!(length_ms > 0 && length_ms <= 600_000)) found['window.length_ms'] = 'More than 0, at most 600 000 ms';
  if (!(stride_ms > 0 && stride_ms <= 600_000)) found['window.stride_ms'] = 'More than 0, at most 600 000 ms';
  if (!(pipeline.label_threshold > 0 && pipeline.label_threshold <= 1)) found.label_threshold = 'More than 0, at most 100 %';
  pipeline.blocks.forEach((spec, at) => checkParams(found, `blocks.${at}`, catalogue.dsp.find((info) => info.name === spec.block), spec.params));
  checkParams(found, 'learn', catalogue.learn.find((info) => info.name === pipeline.learn.block), pipeline.learn.params);
  return found;
}

function checkParams(found: Problems, place: Place, info: BlockInfo | undefined, values: Record<string, ParamValue>): void {
  for (const param of info?.params ?? []) {
    const problem = paramProblem(param, values[param.name] ?? param.default);
    if (problem) found[`${place}.${param.name}`] = `${paramTitle(param)}: ${problem}`;
  }
}

/**
 * The place that a server's refusal is about. Its sentences begin with "DSP block 2 (mfcc): parameter 'coefficients' ..." (mote/dsp.py) or
 * with the learning block's title (mote/params.py); its checks of shapes name a field, "pipeline.window.length_ms".
 */
export function placeOf(error: Pick<ApiError, 'message' | 'detail'>, catalogue: Catalogue): Place {
  const field = Object.keys(error.detail?.fields ?? {})[0];
  if (field) return field.replace(/^(body\.)?(pipeline\.)?/, '').replace(/^(blocks\.\d+|learn)\.params\./, '$1.');
  const parameter = /parameter ["']([^"']+)["']/.exec(error.message)?.[1] ?? '';
  const block = /^DSP block (\d+)\b/.exec(error.message)?.[1];
  if (block) return join(`blocks.${Number(block) - 1}`, parameter);
  const isLearn = catalogue.learn.some((info) => error.message.startsWith(`${info.title}:`)) || /^The network /.test(error.message);
  return isLearn ? join('learn', parameter || (/^The network /.test(error.message) ? 'preset' : '')) : '';
}

const join = (place: Place, name: string) => (name ? `${place}.${name}` : place);

/** The problems below one place, by the rest of their names: those of "blocks.0" as {"coefficients": ...}. */
export function below(problems: Problems, place: Place): Record<string, string> {
  const start = `${place}.`;
  return Object.fromEntries(
    Object.entries(problems)
      .filter(([where]) => where.startsWith(start))
      .map(([where, text]) => [where.slice(start.length), text]),
  );
}

/**
 * Which parameters to show at once: the first `first` of the table and all that differ from their default or are wrong. A rest of one or two
 * is not worth hiding.
 */
export function foldParams(params: readonly Param[], values: Record<string, ParamValue>, errors: Record<string, string>, first: number): [Param[], Param[]] {
  const matters = (param: Param, at: number) => at < first || param.name in errors || (param.name in values && values[param.name] !== param.default);
  const shown = params.filter(matters);
  return params.length - shown.length <= 2 ? [[...params], []] : [shown, params.filter((param, at) => !matters(param, at))];
}
