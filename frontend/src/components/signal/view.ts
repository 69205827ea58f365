/** The part of a recording that is in view: pure arithmetic on [start, end] in seconds. */

export type Range = readonly [number, number];

export const span = ([start, end]: Range) => end - start;

/** Moves and, if it must, shrinks `range` so that it lies in `bounds` and is at least `shortest` long. */
export function clamp(range: Range, bounds: Range, shortest = 0): Range {
  const length = Math.min(Math.max(span(range), shortest), span(bounds));
  const middle = (range[0] + range[1]) / 2;
  const wanted = span(range) >= shortest ? range[0] : middle - length / 2;
  const start = Math.min(Math.max(wanted, bounds[0]), bounds[1] - length);
  return [start, start + length];
}

/** Zooms by `factor` (below 1: closer) around the time `at`, which keeps its place on the screen. */
export function zoomAt(range: Range, bounds: Range, factor: number, at: number, shortest = 0): Range {
  const length = Math.max(span(range) * factor, shortest);
  const part = span(range) > 0 ? (at - range[0]) / span(range) : 0.5;
  const start = at - part * length;
  return clamp([start, start + length], bounds, shortest);
}

export function panBy(range: Range, bounds: Range, seconds: number): Range {
  return clamp([range[0] + seconds, range[1] + seconds], bounds);
}

/** Where a time stands in the view, 0 .. 1 (outside of the view: below 0 or above 1). */
export const partOf = (range: Range, time: number) => (time - range[0]) / (span(range) || 1);

export const timeAt = (range: Range, part: number) => range[0] + part * span(range);

export const sameRange = (a: Range, b: Range) => Math.abs(a[0] - b[0]) < 1e-9 && Math.abs(a[1] - b[1]) < 1e-9;
