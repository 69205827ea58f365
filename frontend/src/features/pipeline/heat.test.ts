import { colouringOf, extent, heatColor, heatPixels, shapeOf } from './heat';

test('the ends of the scale are dark violet and yellow', () => {
  expect(heatColor(0)).toEqual([68, 1, 84]);
  expect(heatColor(1)).toEqual([253, 231, 37]);
  expect(heatColor(-5)).toEqual(heatColor(0));
  expect(heatColor(NaN)).toEqual(heatColor(0));
});

test('the extent is that of the finite values', () => {
  expect(extent([[1, 5], [-2, Infinity]])).toEqual([-2, 5]);
  expect(extent([[3, 3]])).toEqual([3, 4]);
  expect(extent([])).toEqual([0, 1]);
});

test('time goes right and columns go up', () => {
  const { width, height, data } = heatPixels([[0, 1], [0, 0], [0, 0]], 'together');
  expect([width, height]).toEqual([3, 2]);
  expect(Array.from(data.slice(0, 3))).toEqual([253, 231, 37]); // top left: second column of the first row
  expect(Array.from(data.slice(12, 15))).toEqual([68, 1, 84]);
});

test('a column far from the others gets a scale of its own', () => {
  const flat = Array.from({ length: 20 }, (_, i) => [Math.sin(i), Math.cos(i), Math.sin(2 * i)]);
  expect(colouringOf(flat)).toBe('together');
  const far = flat.map((row) => [-300 + row[0], ...row]);
  expect(colouringOf(far)).toBe('apart');
  const { data } = heatPixels([[-300, 0], [-299, 1]], 'apart');
  expect(Array.from(data.slice(0, 3))).toEqual([68, 1, 84]);
  expect(Array.from(data.slice(12, 15))).toEqual([253, 231, 37]);
});

test.each([
  [49, 13, 'map'],
  [100, 3, 'lines'],
  [1, 39, 'bars'],
  [1, 600, 'lines'],
] as const)('%i x %i is shown as %s', (rows, cols, shape) => expect(shapeOf(rows, cols)).toBe(shape));
