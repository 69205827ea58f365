import type { Pipeline } from 'lib/pipeline';
import type { Training } from './api';
import { compareRows, flatten, toggleChosen } from './compare';
import { cellsOf, cellWords, step, worstConfusion } from './confusion';

const pipeline: Pipeline = {
  window: { length_ms: 1000, stride_ms: 500, pad: 'zero' },
  blocks: [{ block: 'mfcc', axes: ['x'], params: { coefficients: 13 } }],
  label_threshold: 0.5,
  standardise: true,
  learn: { block: 'classifier', params: { preset: 'conv1d', learning_rate: 0.002 } },
};

describe('a confusion matrix', () => {
  const cells = cellsOf([[30, 10, 0], [1, 39, 0], [0, 0, 0]]);

  test('shades each cell by its part of the truth', () => {
    expect(cells[0].map((cell) => cell.part)).toEqual([0.75, 0.25, 0]);
    expect(cells[2].map((cell) => cell.part)).toEqual([0, 0, 0]);
  });

  test('says each cell in words', () => {
    const labels = ['idle', 'wave', 'rest'];
    expect(cellWords(labels, cells, 0, 1)).toBe('10 of 40 windows of “idle” were called “wave” (25 %).');
    expect(cellWords(labels, cells, 1, 1)).toBe('39 of 40 windows of “wave” were recognised (98 %).');
    expect(cellWords(labels, cells, 1, 0)).toContain('(2.5 %)');
  });

  test('knows its worst confusion', () => {
    expect(worstConfusion(cells)).toEqual([0, 1]);
    expect(worstConfusion(cellsOf([[5, 0], [0, 5]]))).toBeNull();
  });

  test('is walked with the arrow keys and never left', () => {
    expect(step([0, 0], 'ArrowUp', 3)).toEqual([0, 0]);
    expect(step([0, 0], 'ArrowDown', 3)).toEqual([1, 0]);
    expect(step([1, 2], 'ArrowRight', 3)).toEqual([1, 2]);
    expect(step([1, 2], 'Home', 3)).toEqual([1, 0]);
  });
});

describe('comparing', () => {
  test('takes two runs, the last ones ticked', () => {
    expect(toggleChosen([], 'a')).toEqual(['a']);
    expect(toggleChosen(['a', 'b'], 'c')).toEqual(['b', 'c']);
    expect(toggleChosen(['a', 'b'], 'a')).toEqual(['b']);
  });

  test('shows the figures and only the settings that differ', () => {
    const base = { pipeline, history: [], int8_accuracy: null, float32_accuracy: null, dataset_hash: 'abc' } as unknown as Training;
    const other = { ...base, pipeline: { ...pipeline, learn: { block: 'classifier', params: { preset: 'dense', learning_rate: 0.002 } } } };
    const rows = compareRows([base, other]);
    expect(rows.find((row) => row.name === 'classifier, preset')).toEqual({ name: 'classifier, preset', values: ['conv1d', 'dense'], differs: true });
    expect(rows.some((row) => row.name === 'classifier, learning rate')).toBe(false);
    expect(rows[0]).toEqual({ name: 'int8 accuracy', values: ['–', '–'], differs: false });
  });

  test('names every setting of a pipeline', () => {
    expect(flatten(pipeline)).toMatchObject({ 'window length': '1000 ms', 'block 1': 'mfcc', 'block 1, axes': 'x', 'block 1, coefficients': '13' });
  });
});
