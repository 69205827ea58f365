import { settleRange } from './range';

test('the first range leaves a margin', () => expect(settleRange(null, 0, 100)).toEqual([-8, 108]));
test('a peak widens it at once', () => expect(settleRange([-1, 1], 0, 10)[1]).toBeGreaterThan(10));
test('it narrows little by little and never cuts the signal', () => {
  let range = settleRange(null, -100, 100);
  const before = range[1];
  range = settleRange(range, -1, 1);
  expect(range[1]).toBeLessThan(before);
  expect(range[1]).toBeGreaterThan(90);
  for (let i = 0; i < 500; i += 1) range = settleRange(range, -1, 1);
  expect(range[1]).toBeCloseTo(1.16, 2);
});
test('a flat line still has room', () => {
  const [low, high] = settleRange(null, 5, 5);
  expect(high).toBeGreaterThan(low);
});
test('without values the range stays', () => {
  expect(settleRange([2, 3], null, null)).toEqual([2, 3]);
  expect(settleRange(null, null, null)).toEqual([-1, 1]);
});
