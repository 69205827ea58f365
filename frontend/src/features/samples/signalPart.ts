/** Which stretch of a recording is asked for when a part of it is in view. */
import { span, type Range } from 'components/signal';

/**
 * A tile that holds the view, from a fixed grid, so that small moves need no new request; null = the whole recording.
 *
 * Tiles are the recording divided by powers of two, begin at multiples of a quarter of their length, and are at least one and
 * a half times as long as the view.
 */
export function tile(range: Range, duration: number): [number, number] | null {
  const level = Math.floor(Math.log2(duration / (span(range) * 1.5)));
  if (!Number.isFinite(level) || level < 1) return null;
  const length = duration / 2 ** level;
  const step = length / 4;
  const middle = (range[0] + range[1]) / 2;
  const start = Math.min(Math.max(0, Math.round((middle - length / 2) / step) * step), duration - length);
  return [start, start + length];
}
