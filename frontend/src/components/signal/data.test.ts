import { plotData } from './data';

const axes = [{ name: 'x', unit: 'g' }];

test('every reading stands at its own time', () => {
  const data = plotData({ rate_hz: 10, axes, t0: 1, dt: 0.1, values: [[1, 2, 3]] });
  expect(data.x).toHaveLength(3);
  expect(data.x[2]).toBeCloseTo(1.2);
  expect(data.lines[0]).toEqual({ name: 'x', unit: 'g', values: [1, 2, 3] });
});

test('a group of readings becomes its lowest and its highest, in rising time', () => {
  const data = plotData({ rate_hz: 1000, axes, t0: 0, dt: 1, min: [[-1, -3]], max: [[2, 4]] });
  expect(data.lines[0].values).toEqual([-1, 2, -3, 4]);
  expect(data.x).toEqual([...data.x].sort((a, b) => a - b));
  expect(data.x[0]).toBeGreaterThanOrEqual(0);
  expect(data.x[3]).toBeLessThanOrEqual(2);
});

test('a signal without points draws nothing', () => {
  expect(plotData({ rate_hz: 10, axes, t0: 0, dt: 0.1, values: [[]] }).x).toEqual([]);
});
