import type { ErrorDetail } from 'lib/api';
import type { Catalogue, Pipeline } from 'lib/pipeline';
import type { Param, Schemas } from 'lib/types';
import { below, change, foldParams, placeOf, problemsOf, samePipeline } from './draft';

const pipeline: Pipeline = {
  window: { length_ms: 1000, stride_ms: 500, pad: 'zero' },
  blocks: [
    { block: 'mfcc', axes: [], params: { coefficients: 13 } },
    { block: 'statistics', axes: ['x'], params: {} },
  ],
  label_threshold: 0.5,
  standardise: true,
  learn: { block: 'classifier', params: { epochs: 60 } },
};

const param = (name: string, value: number, minimum: number, maximum: number): Schemas['Param'] => ({
  name,
  kind: 'int',
  default: value,
  minimum,
  maximum,
  title: '',
  unit: '',
  help: '',
  choices: [],
});

const catalogue: Catalogue = {
  dsp: [
    { name: 'mfcc', title: 'MFCC', help: '', version: 1, params: [param('coefficients', 13, 1, 40)] },
    { name: 'statistics', title: 'Statistics', help: '', version: 1, params: [] },
  ],
  learn: [{ name: 'classifier', title: 'Classifier', help: '', params: [param('epochs', 60, 1, 2000)] }],
};

describe('a change', () => {
  test('to the window leaves the rest', () => {
    const next = change(pipeline, { kind: 'window', window: { stride_ms: 250 } });
    expect(next.window).toEqual({ length_ms: 1000, stride_ms: 250, pad: 'zero' });
    expect(next.blocks).toBe(pipeline.blocks);
  });

  test('adds a block at the end with its defaults', () => {
    expect(change(pipeline, { kind: 'add', block: 'raw' }).blocks[2]).toEqual({ block: 'raw', axes: [], params: {} });
  });

  test('moves blocks, but not over the ends', () => {
    expect(change(pipeline, { kind: 'move', at: 1, by: -1 }).blocks.map((block) => block.block)).toEqual(['statistics', 'mfcc']);
    expect(change(pipeline, { kind: 'move', at: 0, by: -1 }).blocks).toEqual(pipeline.blocks);
    expect(change(pipeline, { kind: 'move', at: 1, by: 1 }).blocks).toEqual(pipeline.blocks);
  });

  test('removes a block, but never the last one', () => {
    const one = change(pipeline, { kind: 'remove', at: 0 });
    expect(one.blocks.map((block) => block.block)).toEqual(['statistics']);
    expect(change(one, { kind: 'remove', at: 0 })).toBe(one);
  });

  test('to parameters and axes touches one block', () => {
    const next = change(change(pipeline, { kind: 'params', at: 0, params: { coefficients: 20 } }), { kind: 'axes', at: 1, axes: ['y'] });
    expect(next.blocks).toEqual([
      { block: 'mfcc', axes: [], params: { coefficients: 20 } },
      { block: 'statistics', axes: ['y'], params: {} },
    ]);
  });

  test('to another learning block drops the parameters of the one before', () => {
    expect(change(pipeline, { kind: 'learn', block: 'regression' }).learn).toEqual({ block: 'regression', params: {} });
    expect(change(pipeline, { kind: 'learn', block: 'classifier' })).toBe(pipeline);
  });
});

test('two pipelines are the same whatever the order of their keys', () => {
  const turned = JSON.parse('{"learn":{"params":{"epochs":60},"block":"classifier"},"standardise":true,"label_threshold":0.5}') as Partial<Pipeline>;
  expect(samePipeline(pipeline, { ...turned, blocks: pipeline.blocks, window: pipeline.window } as Pipeline)).toBe(true);
  expect(samePipeline(pipeline, change(pipeline, { kind: 'move', at: 0, by: 1 }))).toBe(false);
});

describe('a problem', () => {
  test('is none in a good pipeline', () => expect(problemsOf(pipeline, catalogue)).toEqual({}));

  test('lies at the parameter that causes it', () => {
    const bad = change(change(pipeline, { kind: 'params', at: 0, params: { coefficients: 99 } }), { kind: 'window', window: { length_ms: NaN } });
    expect(Object.keys(problemsOf(bad, catalogue)).sort()).toEqual(['blocks.0.coefficients', 'window.length_ms']);
    expect(below(problemsOf(bad, catalogue), 'blocks.0').coefficients).toContain('At most 40');
  });
});

test('of many parameters the first, the changed and the wrong ones are shown', () => {
  const params = Array.from({ length: 10 }, (_, i): Param => ({ name: `p${i}`, kind: 'int', default: i }));
  const [shown, hidden] = foldParams(params, { p8: 3, p9: 9 }, { p7: 'too large' }, 4);
  expect(shown.map((param) => param.name)).toEqual(['p0', 'p1', 'p2', 'p3', 'p7', 'p8']);
  expect(hidden.map((param) => param.name)).toEqual(['p4', 'p5', 'p6', 'p9']);
  expect(foldParams(params, {}, {}, 8)).toEqual([params, []]);
});

describe('a refusal of the server', () => {
  const at = (message: string, fields?: Record<string, string>) => placeOf({ message, detail: { code: 'invalid', message, fields } as ErrorDetail }, catalogue);

  test.each([
    ["DSP block 2 (statistics): parameter 'low' is 9.", 'blocks.1.low'],
    ["DSP block 1 (mfcc): a frame is longer than the window (parameter 'frame_ms'); the window has 10 readings at 100 Hz.", 'blocks.0.frame_ms'],
    ["DSP block 1 (mfcc): the recordings have no axis 'q'.", 'blocks.0'],
    ["Classifier: parameter 'epochs' is 0.", 'learn.epochs'],
    ["The network 'conv1d' needs a sequence, and the DSP blocks give one vector of 39 features.", 'learn.preset'],
    ['There are no samples.', ''],
  ])('%j points at %j', (message, place) => expect(at(message)).toBe(place));

  test('by field points at the field', () => {
    expect(at('x', { 'pipeline.window.length_ms': 'too long' })).toBe('window.length_ms');
    expect(at('x', { 'pipeline.blocks.1.params.low': 'x' })).toBe('blocks.1.low');
  });
});
