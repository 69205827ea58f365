import { clamp, panBy, partOf, span, timeAt, zoomAt, type Range } from './view';

const bounds: Range = [0, 10];

test('a view stays inside of the recording and keeps its length', () => {
  expect(clamp([-2, 1], bounds)).toEqual([0, 3]);
  expect(clamp([9, 12], bounds)).toEqual([7, 10]);
  expect(clamp([-5, 20], bounds)).toEqual([0, 10]);
});

test('a view is never shorter than allowed, and grows around its middle', () => {
  expect(clamp([5, 5.1], bounds, 1)).toEqual([4.55, 5.55]);
});

test('the time under the pointer keeps its place while zooming', () => {
  const before: Range = [2, 6];
  const after = zoomAt(before, bounds, 0.5, 3);
  expect(span(after)).toBeCloseTo(2);
  expect(partOf(after, 3)).toBeCloseTo(partOf(before, 3));
});

test('zooming out ends at the whole recording', () => expect(zoomAt([4, 6], bounds, 100, 5)).toEqual([0, 10]));

test('panning stops at the ends', () => {
  expect(panBy([8, 9], bounds, 5)).toEqual([9, 10]);
  expect(panBy([1, 2], bounds, -5)).toEqual([0, 1]);
});

test('part and time are each other’s inverse', () => expect(timeAt([2, 6], partOf([2, 6], 3.3))).toBeCloseTo(3.3));
