/** Two trainings side by side: which to compare, and in what they differ. */
import { bytes, duration, percent } from 'lib/format';
import { pipelineWords, type Catalogue, type Pipeline } from 'lib/pipeline';
import type { Id } from 'lib/types';
import type { Training } from './api';

/** Ticks or unticks a run; of three the first one ticked goes. */
export function toggleChosen(chosen: readonly Id[], id: Id): Id[] {
  return chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id].slice(-2);
}

export interface Row {
  name: string;
  values: string[];
  differs: boolean;
}

function row(name: string, values: string[]): Row {
  return { name, values, differs: new Set(values).size > 1 };
}

/** The figures that decide, then every setting in which the two differ. */
export function compareRows(trainings: readonly Training[], catalogue?: Catalogue): Row[] {
  const of = (name: string, read: (training: Training) => string) => row(name, trainings.map(read));
  const figures = [
    of('int8 accuracy', (one) => percent(one.int8_accuracy)),
    of('float32 accuracy', (one) => percent(one.float32_accuracy)),
    of('int8 macro F1', (one) => percent(one.metrics?.int8.macro_f1)),
    of('int8 model', (one) => bytes(one.sizes?.int8_bytes)),
    of('Epochs', (one) => String(one.history.length)),
    of('Took', (one) => duration(one.lineage?.seconds)),
    of('Dataset', (one) => one.dataset_hash.slice(0, 10)),
    of('Pipeline', (one) => pipelineWords(one.pipeline, catalogue)),
  ];
  const flat = trainings.map((one) => flatten(one.pipeline));
  const names = Array.from(new Set(flat.flatMap((settings) => Object.keys(settings))));
  const settings = names.map((name) => row(name, flat.map((one) => one[name] ?? 'default'))).filter((one) => one.differs);
  return [...figures, ...settings];
}

/** {"window.length_ms": "1000", "mfcc 1.coefficients": "13", ...} */
export function flatten(pipeline: Pipeline): Record<string, string> {
  const out: Record<string, string> = {
    'window length': `${pipeline.window.length_ms} ms`,
    'window stride': `${pipeline.window.stride_ms} ms`,
    'short windows': pipeline.window.pad,
    'label threshold': percent(pipeline.label_threshold, 0),
    standardise: pipeline.standardise ? 'yes' : 'no',
  };
  pipeline.blocks.forEach((spec, at) => {
    const name = `block ${at + 1}`;
    out[name] = spec.block;
    if (spec.axes.length > 0) out[`${name}, axes`] = spec.axes.join(', ');
    for (const [param, value] of Object.entries(spec.params)) out[`${name}, ${param.replace(/_/g, ' ')}`] = String(value);
  });
  for (const [param, value] of Object.entries(pipeline.learn.params)) out[`${pipeline.learn.block}, ${param.replace(/_/g, ' ')}`] = String(value);
  return out;
}
