import { tile } from './signalPart';

test('a view of most of the recording is served by the whole', () => {
  expect(tile([0, 100], 100)).toBeNull();
  expect(tile([10, 80], 100)).toBeNull();
});

test('a tile holds its view and is not much larger', () => {
  for (let start = 0; start < 99; start += 0.37) {
    for (const length of [0.01, 0.5, 1, 7, 20]) {
      const range: [number, number] = [Math.min(start, 100 - length), Math.min(start, 100 - length) + length];
      const part = tile(range, 100);
      if (!part) continue;
      expect(part[0]).toBeLessThanOrEqual(range[0] + 1e-9);
      expect(part[1]).toBeGreaterThanOrEqual(range[1] - 1e-9);
      expect(part[1] - part[0]).toBeLessThanOrEqual(3 * length + 1e-9);
      expect(part[0]).toBeGreaterThanOrEqual(0);
      expect(part[1]).toBeLessThanOrEqual(100 + 1e-9);
    }
  }
});

test('a small move needs no other tile', () => expect(tile([10, 11], 100)).toEqual(tile([10.05, 11.05], 100)));
