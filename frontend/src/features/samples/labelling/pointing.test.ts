import { begin, drag, edgesOf, hit, snap, type Field } from './pointing';
import type { Labelled } from './segments';

const segments: Labelled[] = [
  { key: 'a', start_s: 1, end_s: 4, label: 'walk' },
  { key: 'b', start_s: 4, end_s: 6, label: 'run' },
  { key: 'c', start_s: 2, end_s: 3, label: 'step' },
];
// 10 s on 1000 px: 100 px a second
const field: Field = { segments, selected: null, range: [0, 10], width: 1000, duration: 10, dt: 0.01 };
const at = (x: number, selected: string | null = null) => hit(segments, selected, field.range, field.width, x, 6);

test('edges are caught within reach, bodies in between, nothing elsewhere', () => {
  expect(at(103)).toEqual({ key: 'a', part: 'start' });
  expect(at(150)).toEqual({ key: 'a', part: 'body' });
  expect(at(597)).toEqual({ key: 'b', part: 'end' });
  expect(at(800)).toBeNull();
});

test('of two segments under the pointer the shorter is caught', () => expect(at(250)).toEqual({ key: 'c', part: 'body' }));

test('where two edges meet the chosen segment is caught', () => {
  expect(at(400, 'a')).toEqual({ key: 'a', part: 'end' });
  expect(at(400, 'b')).toEqual({ key: 'b', part: 'start' });
});

test('a narrow segment can still be moved', () => {
  const narrow: Labelled[] = [{ key: 'n', start_s: 5, end_s: 5.12, label: 'x' }];
  expect(hit(narrow, null, field.range, field.width, 506, 16)).toEqual({ key: 'n', part: 'body' });
});

test('edges snap to others nearby, else to the readings', () => {
  expect(snap(4.04, [0, 4, 6], 0.06, 0.01)).toBe(4);
  expect(snap(4.0777, [0, 4, 6], 0.06, 0.01)).toBeCloseTo(4.08);
  expect(edgesOf(segments, 10, 'b')).not.toContain(6);
});

test('drawing on empty ground makes a new segment, from where it began', () => {
  const draft = drag(field, begin(field, 700, 6), 850);
  expect(draft).toMatchObject({ key: null, part: 'new', start_s: 7, end_s: 8.5, moved: true });
});

test('resizing never turns a segment inside out', () => {
  const draft = drag(field, begin(field, 597, 6), 100);
  expect(draft.part).toBe('end');
  expect(draft.end_s).toBeCloseTo(draft.start_s + 0.01);
});

test('moving keeps the length, the grip and the ends of the recording', () => {
  const grabbed = begin(field, 500, 6); // the middle of b
  const moved = drag(field, grabbed, 723);
  expect(moved.end_s - moved.start_s).toBeCloseTo(2);
  expect(moved.start_s).toBeCloseTo(6.23);
  const pushed = drag(field, grabbed, 1000);
  expect([pushed.start_s, pushed.end_s]).toEqual([8, 10]);
});
