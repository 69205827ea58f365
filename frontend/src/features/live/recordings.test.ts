import type { Piece } from './recorder';
import { base64Floats, recordingName, recordingsReducer, type Recording } from './recordings';

const piece: Piece = { label: 'wave', rate_hz: 10, axes: [{ name: 'x', unit: '' }], values: new Float32Array(10), readings: 10, lost: 0, startedAt: new Date(2026, 0, 2, 3, 4, 5) };
const add = (list: Recording[], key: number) => recordingsReducer(list, { kind: 'add', key, name: `r${key}`, piece });

test('the newest recording stands first and is being saved', () => {
  const list = add(add([], 1), 2);
  expect(list.map((entry) => [entry.key, entry.state])).toEqual([[2, 'saving'], [1, 'saving']]);
});

test('a recording is saved, taken back and restored', () => {
  let list = add([], 1);
  list = recordingsReducer(list, { kind: 'saved', key: 1, sampleId: 'abc' });
  expect(list[0]).toMatchObject({ state: 'saved', sampleId: 'abc' });
  list = recordingsReducer(list, { kind: 'undone', key: 1 });
  expect(list[0].state).toBe('undone');
  list = recordingsReducer(list, { kind: 'restored', key: 1 });
  expect(list[0]).toMatchObject({ state: 'saved', sampleId: 'abc' });
});

test('what could not be saved is kept, with the reason, however many come after it', () => {
  let list = recordingsReducer(add([], 0), { kind: 'failed', key: 0, error: 'no connection' });
  for (let key = 1; key < 80; key += 1) list = recordingsReducer(add(list, key), { kind: 'saved', key, sampleId: String(key) });
  expect(list).toHaveLength(51);
  expect(list[50]).toMatchObject({ key: 0, state: 'failed', error: 'no connection' });
  expect(recordingsReducer(list, { kind: 'forget', key: 0 })).toHaveLength(50);
});

test('names tell label and time and never repeat', () => {
  const first = recordingName('wave', piece.startedAt, new Set());
  expect(first).toBe('wave.2026-01-02T03-04-05');
  expect(recordingName('wave', piece.startedAt, new Set([first]))).toBe(`${first}.2`);
  expect(recordingName('', piece.startedAt, new Set())).toMatch(/^recording\./);
});

test('values become little-endian float32 in base64', () => {
  expect(base64Floats(new Float32Array([1, -2.5]))).toBe('AACAPwAAIMA=');
  expect(atob(base64Floats(new Float32Array(50_000))).length).toBe(200_000);
});
