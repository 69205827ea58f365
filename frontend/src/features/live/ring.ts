/**
 * The last readings of a live stream, and the thinned-out view of them that a plot can draw sixty times a second.
 *
 * A reading's index is its place in the stream, lost ones counted: index / rate is its time, and a lost reading is a gap
 * (NaN) in the drawing. Memory is fixed: `capacity` readings of every axis, oldest overwritten first.
 */
import type { Reading } from 'lib/numbers';

/** What uPlot draws: seconds, then one row an axis. */
export type PlotColumns = [number[], ...(number | null)[][]];

export class RingBuffer {
  readonly capacity: number;
  /** Index after the newest reading; 0 when empty. */
  end = 0;
  /** Index of the oldest reading that is still held. */
  start = 0;
  private readonly columns: Float32Array[];

  constructor(axes: number, capacity: number) {
    this.capacity = Math.max(1, Math.floor(capacity));
    this.columns = Array.from({ length: axes }, () => new Float32Array(this.capacity).fill(NaN));
  }

  get axes(): number {
    return this.columns.length;
  }

  push(readings: readonly Reading[]): void {
    for (const reading of readings) this.put(reading);
  }

  private put({ index, values }: Reading): void {
    if (this.end === 0 && this.start === 0) {
      this.start = index;
      this.end = index;
    }
    if (index < this.end) return; // a repeated or late frame: what is shown stays as it is
    for (let missing = Math.max(this.end, index - this.capacity); missing < index; missing += 1) this.set(missing, null);
    this.set(index, values);
    this.end = index + 1;
    this.start = Math.max(this.start, this.end - this.capacity);
  }

  private set(index: number, values: readonly number[] | null): void {
    const at = index % this.capacity;
    this.columns.forEach((column, axis) => {
      column[at] = values?.[axis] ?? NaN;
    });
  }

  /** One value; NaN when it was lost or is no longer (or not yet) held. */
  at(axis: number, index: number): number {
    if (index < this.start || index >= this.end) return NaN;
    return this.columns[axis][index % this.capacity];
  }

  /**
   * Readings `from` to `to` (end exclusive) as at most about 2 * buckets points: the least and the greatest value of every
   * bucket, so that no peak disappears. Buckets start at multiples of their size, so the curve does not flicker as it moves.
   *
   * Times are in seconds before `to`: the newest reading stands at 0.
   */
  view(from: number, to: number, buckets: number, rateHz: number): PlotColumns {
    const size = Math.max(1, Math.ceil((to - from) / Math.max(1, buckets)));
    const first = Math.max(this.start, Math.floor(from / size) * size);
    const last = Math.min(this.end, to);
    const times: number[] = [];
    const rows: (number | null)[][] = this.columns.map(() => []);
    for (let bucket = first; bucket < last; bucket = Math.floor(bucket / size) * size + size) {
      const stop = Math.min(last, Math.floor(bucket / size) * size + size);
      const middle = bucket + (stop - bucket) / 2;
      times.push((bucket - to) / rateHz);
      if (size > 1) times.push((middle - to) / rateHz);
      this.columns.forEach((column, axis) => rows[axis].push(...this.extremes(column, bucket, stop, size > 1)));
    }
    return [times, ...rows];
  }

  /** The value, or least and greatest in the order in which they came. */
  private extremes(column: Float32Array, from: number, to: number, both: boolean): (number | null)[] {
    if (!both) return [finite(column[from % this.capacity])];
    let least = -1;
    let greatest = -1;
    for (let index = from; index < to; index += 1) {
      const value = column[index % this.capacity];
      if (!Number.isFinite(value)) continue;
      if (least < 0 || value < column[least % this.capacity]) least = index;
      if (greatest < 0 || value > column[greatest % this.capacity]) greatest = index;
    }
    if (least < 0) return [null, null];
    const [a, b] = least < greatest ? [least, greatest] : [greatest, least];
    return [column[a % this.capacity], column[b % this.capacity]];
  }
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
