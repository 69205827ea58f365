import { RingBuffer } from './ring';

const readings = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => ({ index: from + i, values: [from + i, -(from + i)] }));

test('keeps the last readings and forgets the oldest', () => {
  const ring = new RingBuffer(2, 10);
  ring.push(readings(0, 25));
  expect([ring.start, ring.end]).toEqual([15, 25]);
  expect(ring.at(1, 24)).toBe(-24);
  expect(ring.at(0, 14)).toBeNaN();
});

test('lost readings are gaps', () => {
  const ring = new RingBuffer(2, 10);
  ring.push(readings(0, 3));
  ring.push(readings(5, 7));
  expect(ring.at(0, 3)).toBeNaN();
  expect(ring.view(0, 7, 100, 1)[1]).toEqual([0, 1, 2, null, null, 5, 6]);
});

test('a gap longer than the buffer leaves only what came after it', () => {
  const ring = new RingBuffer(2, 10);
  ring.push(readings(0, 5));
  ring.push(readings(1_000_000, 1_000_002));
  expect([ring.start, ring.end]).toEqual([999_992, 1_000_002]);
  expect(ring.at(0, 999_995)).toBeNaN();
  expect(ring.at(0, 1_000_001)).toBe(1_000_001);
});

test('a stream that begins at any index is held from there', () => {
  const ring = new RingBuffer(2, 100);
  ring.push(readings(5000, 5010));
  expect([ring.start, ring.end]).toEqual([5000, 5010]);
});

test('a repeated reading changes nothing', () => {
  const ring = new RingBuffer(2, 10);
  ring.push(readings(0, 5));
  ring.push([{ index: 2, values: [99, 99] }]);
  expect(ring.at(0, 2)).toBe(2);
  expect(ring.end).toBe(5);
});

test('the view thins out but keeps every peak, in the order they came', () => {
  const ring = new RingBuffer(1, 10_000);
  ring.push(Array.from({ length: 10_000 }, (_, index) => ({ index, values: [index === 4321 ? 50 : index === 4325 ? -50 : 0] })));
  const [times, values] = ring.view(0, 10_000, 100, 100);
  expect(times.length).toBeLessThanOrEqual(202);
  expect(Math.max(...(values as number[]))).toBe(50);
  expect(Math.min(...(values as number[]))).toBe(-50);
  expect(values.indexOf(50)).toBeLessThan(values.indexOf(-50));
});

test('the buckets of the view stand still while the stream moves', () => {
  const ring = new RingBuffer(1, 10_000);
  ring.push(Array.from({ length: 5000 }, (_, index) => ({ index, values: [Math.sin(index / 7)] })));
  const before = ring.view(1000, 4000, 100, 100)[1];
  const after = ring.view(1060, 4060, 100, 100)[1];
  expect(after.slice(0, 100)).toEqual(before.slice(4, 104));
});

test('the newest reading stands at time zero', () => {
  const ring = new RingBuffer(2, 1000);
  ring.push(readings(0, 101));
  const [times] = ring.view(0, 101, 1000, 100);
  expect(times[0]).toBeCloseTo(-1.01);
  expect(times[times.length - 1]).toBeCloseTo(-0.01);
});

test('an empty buffer draws nothing', () => {
  expect(new RingBuffer(2, 10).view(0, 10, 10, 1)).toEqual([[], [], []]);
});
