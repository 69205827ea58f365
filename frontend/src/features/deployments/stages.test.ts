import { parseAxes, ramSlices, stageOf, windowsOf } from './stages';

test.each([
  ['running', 'compile the model to C', 0],
  ['running', 'compiled conv2d_s8.c', 0],
  ['running', 'link', 0],
  ['running', 'Compiled boot.c', 0],
  ['running', 'Cutting testing windows', 0],
  ['running', 'Boot', 1],
  ['running', 'Window 12 of 100', 2],
  ['running', 'compare with the host', 2],
  ['done', '', 4],
] as const)('%s, %j is stage %i', (state, message, stage) => expect(stageOf({ state, message })).toBe(stage));

test('windows are counted from the message', () => {
  expect(windowsOf('window 12 of 100')).toEqual([12, 100]);
  expect(windowsOf('link')).toBeNull();
});

test('the slices of RAM add up to data, bss and stack', () => {
  const slices = ramSlices({ data: 100, bss: 9000, stack_peak: 1200, arena: 4000 });
  expect(slices.map((slice) => [slice.name, slice.bytes])).toEqual([['Model', 4000], ['Buffers', 5000], ['Data', 100], ['Stack', 1200]]);
  expect(ramSlices({ data: 0, bss: 10, stack_peak: 1, arena: 0 }).map((slice) => slice.name)).toEqual(['Buffers', 'Stack']);
});

test('axes are typed as names with units', () => {
  expect(parseAxes('x [g], y (g) , z')).toEqual([{ name: 'x', unit: 'g' }, { name: 'y', unit: 'g' }, { name: 'z', unit: '' }]);
  expect(parseAxes('')).toEqual([]);
  expect(parseAxes('x,,y')).toBeNull();
  expect(parseAxes('x, 3')).toBeNull();
});
