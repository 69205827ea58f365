/** Numbers to colours and back to words, for heat maps. */

/**
 * Viridis (Smith and van der Walt 2015, matplotlib, CC0), nine stops: evenly spaced to the eye, also for colour-blind readers, and
 * readable on light and dark pages alike.
 */
const STOPS: readonly (readonly [number, number, number])[] = [
  [68, 1, 84],
  [71, 44, 122],
  [59, 81, 139],
  [44, 113, 142],
  [33, 144, 141],
  [39, 173, 129],
  [92, 200, 99],
  [170, 220, 50],
  [253, 231, 37],
];

/** The colour of a part, 0 .. 1. */
export function heatColor(part: number): [number, number, number] {
  const at = Math.min(1, Math.max(0, Number.isFinite(part) ? part : 0)) * (STOPS.length - 1);
  const low = Math.min(STOPS.length - 2, Math.floor(at));
  const mix = at - low;
  const [from, to] = [STOPS[low], STOPS[low + 1]];
  return [0, 1, 2].map((channel) => Math.round(from[channel] + (to[channel] - from[channel]) * mix)) as [number, number, number];
}

export const heatGradient = `linear-gradient(to top, ${STOPS.map((stop) => `rgb(${stop.join(',')})`).join(', ')})`;

/** Least and greatest of all finite values; [0, 1] when there are none. */
export function extent(values: readonly (readonly number[])[]): [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (const row of values) {
    for (const value of row) {
      if (value < low) low = value;
      if (value > high && Number.isFinite(value)) high = value;
    }
  }
  if (!Number.isFinite(low) || !Number.isFinite(high)) return [0, 1];
  return low === high ? [low, low + 1] : [low, high];
}

export type Colouring = 'together' | 'apart';

/** The columns of rows. */
function columnsOf(values: readonly (readonly number[])[]): number[][] {
  return (values[0] ?? []).map((_, column) => values.map((row) => row[column]));
}

/** One column that lies far from all others (the energy beside the shapes of an MFCC) would leave the rest one colour: then each has its own scale. */
export function colouringOf(values: readonly (readonly number[])[]): Colouring {
  const spans = columnsOf(values)
    .map((column) => extent([column]))
    .map(([low, high]) => high - low)
    .sort((a, b) => a - b);
  const usual = spans[Math.floor(spans.length / 2)] ?? 1;
  const [low, high] = extent(values);
  return high - low > 4 * usual ? 'apart' : 'together';
}

/** RGBA pixels of a map, time to the right, columns from the bottom up. */
export function heatPixels(values: readonly (readonly number[])[], colouring: Colouring): { width: number; height: number; data: Uint8ClampedArray } {
  const width = values.length;
  const height = values[0]?.length ?? 0;
  const all = extent(values);
  const ranges = columnsOf(values).map((column) => (colouring === 'apart' ? extent([column]) : all));
  const data = new Uint8ClampedArray(width * height * 4);
  values.forEach((row, x) =>
    row.forEach((value, column) => {
      const at = ((height - 1 - column) * width + x) * 4;
      const [low, high] = ranges[column];
      data.set([...heatColor((value - low) / (high - low)), 255], at);
    }),
  );
  return { width, height, data };
}

export type Shape = 'map' | 'lines' | 'bars';

/** How a block's output is best seen: a map of many columns over time, lines of few, bars of one vector. */
export function shapeOf(rows: number, cols: number): Shape {
  if (rows > 1) return cols > 9 ? 'map' : 'lines';
  return cols <= 160 ? 'bars' : 'lines';
}
