import { EMPTY, labelling, plain, sameSegments, selectedOf, wholeLabel, within, type Labelling, type LabellingAction } from './segments';

const loaded = labelling(EMPTY, {
  type: 'load',
  duration: 10,
  shortest: 0.01,
  segments: [
    { start_s: 5, end_s: 7, label: 'run' },
    { start_s: 1, end_s: 3, label: 'walk' },
  ],
});
const after = (...actions: LabellingAction[]): Labelling => actions.reduce(labelling, loaded);
const spans = (state: Labelling) => state.segments.map(({ start_s, end_s, label }) => `${label} ${start_s}-${end_s}`);

test('segments stand in the order of time, and loading cannot be undone', () => {
  expect(spans(loaded)).toEqual(['walk 1-3', 'run 5-7']);
  expect(labelling(loaded, { type: 'undo' })).toBe(loaded);
});

test('a new segment is chosen, whichever way it was drawn', () => {
  const state = after({ type: 'add', start_s: 9, end_s: 8, label: 'sit' });
  expect(spans(state)).toEqual(['walk 1-3', 'run 5-7', 'sit 8-9']);
  expect(selectedOf(state)?.label).toBe('sit');
});

test('segments stay inside of the recording and at least one reading long', () => {
  expect(within(-1, 2, 10, 0.01)).toEqual([0, 3]);
  expect(within(9, 12, 10, 0.01)).toEqual([7, 10]);
  expect(within(4, 4, 10, 0.01)).toEqual([4, 4.01]);
  expect(within(-5, 50, 10, 0.01)).toEqual([0, 10]);
});

test('every change is undone and redone, one step each', () => {
  const key = loaded.segments[0].key;
  const changed = after({ type: 'change', key, start_s: 2, end_s: 4 }, { type: 'relabel', key, label: 'jog' }, { type: 'remove', key });
  expect(spans(changed)).toEqual(['run 5-7']);
  const back = [1, 2, 3].reduce((state) => labelling(state, { type: 'undo' }), changed);
  expect(spans(back)).toEqual(spans(loaded));
  const forth = [1, 2, 3].reduce((state) => labelling(state, { type: 'redo' }), back);
  expect(spans(forth)).toEqual(spans(changed));
});

test('a change after an undo forgets what was undone', () => {
  const state = after({ type: 'add', start_s: 8, end_s: 9, label: 'a' }, { type: 'undo' }, { type: 'add', start_s: 8, end_s: 9, label: 'b' });
  expect(state.future).toEqual([]);
  expect(spans(state)).toContain('b 8-9');
});

test('what changes nothing is no step to undo', () => {
  const { key, start_s, end_s, label } = loaded.segments[0];
  expect(after({ type: 'change', key, start_s, end_s }, { type: 'relabel', key, label }).past).toHaveLength(0);
  expect(after({ type: 'remove', key: 'gone' }).past).toHaveLength(0);
});

test('undoing the birth of the chosen segment chooses none', () => {
  expect(after({ type: 'add', start_s: 8, end_s: 9, label: 'a' }, { type: 'undo' }).selected).toBeNull();
});

test('the whole recording gets one label, or none', () => {
  expect(spans(after({ type: 'whole', label: 'idle' }))).toEqual(['idle 0-10']);
  expect(spans(after({ type: 'whole', label: null }))).toEqual([]);
});

test('only a segment over everything is the label of the whole', () => {
  expect(wholeLabel(after({ type: 'whole', label: 'idle' }))).toBe('idle');
  expect(wholeLabel(loaded)).toBeNull();
  expect(wholeLabel(after({ type: 'whole', label: null }, { type: 'add', start_s: 0, end_s: 5, label: 'a' }))).toBeNull();
});

test('stepping goes round', () => {
  const first = after({ type: 'step', by: 1 });
  expect(selectedOf(first)?.label).toBe('walk');
  expect(selectedOf(labelling(first, { type: 'step', by: -1 }))?.label).toBe('run');
  expect(selectedOf(after({ type: 'step', by: -1 }))?.label).toBe('run');
});

test('what is sent has no keys, and is compared by what it says', () => {
  expect(plain(loaded.segments)[0]).toEqual({ start_s: 1, end_s: 3, label: 'walk' });
  expect(sameSegments(plain(loaded.segments), loaded.segments)).toBe(true);
  expect(sameSegments(plain(loaded.segments), [])).toBe(false);
});
