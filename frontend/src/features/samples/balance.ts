/** Does the dataset look fit for training? In words, with what to do. */
import { frequency, percent } from 'lib/format';
import type { Schemas } from 'lib/types';

/** `label` null: samples without any; `duration_s` over both splits. */
export type LabelCount = Schemas['LabelCount'];

const quoted = (labels: string[]) => {
  const shown = labels.slice(0, 3).map((label) => `“${label}”`);
  return shown.join(', ') + (labels.length > 3 ? ` and ${labels.length - 3} more` : '');
};

/** Recordings of different rates cannot be trained together (1 % is allowed for clocks that are not exact). */
export function rateWarnings(rates_hz: readonly number[]): string[] {
  if (rates_hz.length < 2 || Math.max(...rates_hz) <= Math.min(...rates_hz) * 1.01) return [];
  const shown = [...rates_hz].sort((a, b) => a - b).slice(0, 4).map(frequency).join(', ');
  return [`The recordings have different rates (${shown}${rates_hz.length > 4 ? ', …' : ''}) and cannot be trained together.`];
}

/** At most a few sentences, the most important first. */
export function balanceWarnings(rows: readonly LabelCount[]): string[] {
  const labelled = rows.filter((row): row is LabelCount & { label: string } => row.label !== null);
  const training = labelled.reduce((sum, row) => sum + row.training, 0);
  const testing = labelled.reduce((sum, row) => sum + row.testing, 0);
  const total = training + testing;
  if (total === 0) return [];
  const warnings: string[] = [];
  if (labelled.length === 1) warnings.push(`All samples are ${quoted([labelled[0].label])}: training needs at least two labels.`);
  if (testing === 0) warnings.push('No sample is for testing, so nobody will know how good the model is. Split the dataset.');
  else if (training === 0) warnings.push('No sample is for training. Split the dataset.');
  else if (testing / total < 0.1) warnings.push(`Only ${percent(testing / total, 0)} of the samples are for testing; about 20 % is usual.`);
  if (training > 0 && testing > 0) {
    const untested = labelled.filter((row) => row.testing === 0).map((row) => row.label);
    const untrained = labelled.filter((row) => row.training === 0).map((row) => row.label);
    if (untrained.length) warnings.push(`Nothing to learn ${quoted(untrained)} from: all of it is for testing.`);
    if (untested.length) warnings.push(`Nothing to test ${quoted(untested)} with: all of it is for training.`);
  }
  const longest = Math.max(...labelled.map((row) => row.duration_s));
  const rare = labelled.filter((row) => row.duration_s < longest / 10).map((row) => row.label);
  if (rare.length && labelled.length > 1)
    warnings.push(`Much less data for ${quoted(rare)} than for the others: record more, or train with class weights.`);
  return warnings;
}
