import { fillGaps, Recorder, type Plan } from './recorder';

const axes = [{ name: 'x', unit: 'g' }];
const readings = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => ({ index: from + i, values: [from + i] }));
const plan = (changes: Partial<Plan> = {}): Plan => ({ label: 'wave', seconds: 1, countdown_s: 0, piece_s: null, ...changes });

test('takes exactly as many readings as the seconds ask for', () => {
  const recorder = new Recorder();
  recorder.start(plan(), 100, axes, 0);
  expect(recorder.take(readings(500, 590))).toEqual([]);
  expect(recorder.elapsed_s).toBeCloseTo(0.9);
  const [piece] = recorder.take(readings(590, 700));
  expect([piece.readings, piece.lost, piece.label, piece.rate_hz]).toEqual([100, 0, 'wave', 100]);
  expect(Array.from(piece.values.slice(0, 2))).toEqual([500, 501]);
  expect(recorder.phase).toBe('idle');
});

test('takes nothing while it counts down', () => {
  const recorder = new Recorder();
  recorder.start(plan({ countdown_s: 3 }), 100, axes, 10);
  expect([recorder.phase, recorder.countdownLeft(11)]).toEqual(['countdown', 2]);
  recorder.take(readings(0, 200));
  recorder.tick(13);
  expect(recorder.phase).toBe('recording');
  expect(recorder.take(readings(200, 300))[0].values[0]).toBe(200);
});

test('cuts a long recording into pieces while it runs', () => {
  const recorder = new Recorder();
  recorder.start(plan({ seconds: 5, piece_s: 2 }), 10, axes, 0);
  const pieces = recorder.take(readings(0, 60));
  expect(pieces.map((piece) => piece.readings)).toEqual([20, 20, 10]);
  expect(pieces[1].values[0]).toBe(20);
  expect(recorder.phase).toBe('idle');
});

test('until it is stopped gives what there is', () => {
  const recorder = new Recorder();
  recorder.start(plan({ seconds: null }), 10, axes, 0);
  recorder.take(readings(0, 37));
  expect(recorder.stop()?.readings).toBe(37);
  expect(recorder.stop()).toBeNull();
});

test('a rest shorter than half a piece is not kept', () => {
  const recorder = new Recorder();
  recorder.start(plan({ seconds: null, piece_s: 2 }), 10, axes, 0);
  expect(recorder.take(readings(0, 25))).toHaveLength(1);
  expect(recorder.stop()).toBeNull();
  recorder.start(plan({ seconds: null, piece_s: 2 }), 10, axes, 0);
  recorder.take(readings(0, 32));
  expect(recorder.stop()?.readings).toBe(12);
});

test('a single reading is no recording', () => {
  const recorder = new Recorder();
  recorder.start(plan({ seconds: null }), 10, axes, 0);
  recorder.take(readings(0, 1));
  expect(recorder.stop()).toBeNull();
});

test('lost readings are filled in, counted, and do not shorten the time', () => {
  const recorder = new Recorder();
  recorder.start(plan(), 10, axes, 0);
  const [piece] = recorder.take([...readings(0, 4), ...readings(7, 11)]);
  expect([piece.readings, piece.lost]).toEqual([10, 3]);
  expect(Array.from(piece.values)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
});

test('a gap across the end of a piece leaves the reading to the next one', () => {
  const recorder = new Recorder();
  recorder.start(plan({ seconds: 2, piece_s: 1 }), 10, axes, 0);
  const pieces = recorder.take([...readings(0, 8), ...readings(12, 20)]);
  expect(pieces.map((piece) => [piece.readings, piece.lost])).toEqual([[10, 2], [10, 2]]);
  expect(pieces[0].values[9]).toBe(7);
  expect(pieces[1].values[0]).toBe(12);
});

test('cancelled leaves nothing', () => {
  const recorder = new Recorder();
  recorder.start(plan(), 10, axes, 0);
  recorder.take(readings(0, 5));
  recorder.cancel();
  expect(recorder.stop()).toBeNull();
});

test('gaps at the ends take the nearest value, and a gap that is everything is zero', () => {
  const values = new Float32Array([NaN, NaN, 1, NaN, NaN, NaN, 4, NaN, NaN, NaN]);
  fillGaps(values, 2);
  expect(Array.from(values)).toEqual([1, 0, 1, 0, 2.5, 0, 4, 0, 4, 0]);
});
