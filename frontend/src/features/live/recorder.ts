/**
 * Cuts a live stream into recordings: counts down, then takes exactly as many readings as the seconds ask for, or until it
 * is stopped; long recordings can be cut into pieces while they run. Knows nothing of ports, clocks or servers.
 */
import type { Reading } from 'lib/numbers';
import type { Axis } from 'lib/types';

export interface Plan {
  label: string;
  /** null: until stopped. */
  seconds: number | null;
  countdown_s: number;
  /** Cut into recordings of this length; what is left at the end is kept when it is at least half as long. null: one recording. */
  piece_s: number | null;
}

/** One finished recording, ready to be stored. */
export interface Piece {
  label: string;
  rate_hz: number;
  axes: Axis[];
  /** Row-major (readings, axes). */
  values: Float32Array;
  readings: number;
  /** Readings that were lost on the way and filled in on a straight line between their neighbours. */
  lost: number;
  startedAt: Date;
}

export type RecorderPhase = 'idle' | 'countdown' | 'recording';

/** Longest recording that is kept in memory: values, all axes together (64 MB). */
const MAX_VALUES = 16_000_000;

export class Recorder {
  phase: RecorderPhase = 'idle';
  private plan: Plan | null = null;
  private rateHz = 0;
  private axes: Axis[] = [];
  private armedAt = 0;
  private first: number | null = null;
  private pieceFirst = 0;
  private rows: Reading[] = [];
  private startedAt = new Date(0);

  /** `now` in seconds of the clock that `tick` gets too. */
  start(plan: Plan, rateHz: number, axes: Axis[], now: number): void {
    this.plan = plan;
    this.rateHz = rateHz;
    this.axes = axes;
    this.armedAt = now;
    this.first = null;
    this.rows = [];
    this.phase = plan.countdown_s > 0 ? 'countdown' : 'recording';
  }

  tick(now: number): void {
    if (this.phase === 'countdown' && this.countdownLeft(now) <= 0) this.phase = 'recording';
  }

  countdownLeft(now: number): number {
    return this.phase === 'countdown' && this.plan ? Math.max(0, this.armedAt + this.plan.countdown_s - now) : 0;
  }

  /** Seconds recorded so far, all pieces together, by the readings themselves. */
  get elapsed_s(): number {
    const last = this.rows[this.rows.length - 1];
    if (this.phase !== 'recording' || this.first === null) return 0;
    return ((last ? last.index + 1 : this.pieceFirst) - this.first) / this.rateHz;
  }

  get current(): Plan | null {
    return this.plan;
  }

  /** Takes what came and gives the recordings that became complete by it. */
  take(readings: readonly Reading[], wallClock: () => Date = () => new Date()): Piece[] {
    const done: Piece[] = [];
    for (const reading of readings) {
      if (this.phase !== 'recording') break;
      if (this.first === null) {
        this.first = reading.index;
        this.pieceFirst = reading.index;
      }
      if (this.rows.length === 0) this.startedAt = wallClock();
      this.takeOne(reading, done);
    }
    return done;
  }

  private takeOne(reading: Reading, done: Piece[]): void {
    this.rows.push(reading);
    const end = this.endOfPiece();
    if (reading.index + 1 < end) return;
    done.push(this.cut(end));
    // A reading beyond the end (after lost ones) belongs to the next piece.
    this.rows = reading.index >= end ? [reading] : [];
    this.pieceFirst = end;
    if (end >= this.endOfAll()) this.reset();
  }

  private endOfAll(): number {
    const seconds = this.plan?.seconds ?? null;
    return seconds === null ? Infinity : (this.first ?? 0) + Math.max(1, Math.round(seconds * this.rateHz));
  }

  private endOfPiece(): number {
    const piece = this.plan?.piece_s ?? null;
    const most = Math.floor(MAX_VALUES / Math.max(1, this.axes.length));
    const length = piece === null ? most : Math.min(most, Math.max(1, Math.round(piece * this.rateHz)));
    return Math.min(this.endOfAll(), this.pieceFirst + length);
  }

  /** Ends the recording; gives what there is, null when it is too little to keep. */
  stop(): Piece | null {
    const last = this.rows[this.rows.length - 1];
    const length = last ? last.index + 1 - this.pieceFirst : 0;
    const piece = this.plan?.piece_s ?? null;
    const isRest = piece !== null && this.pieceFirst !== this.first;
    const least = isRest ? (piece * this.rateHz) / 2 : 2;
    const kept = this.phase === 'recording' && length >= least ? this.cut(this.pieceFirst + length) : null;
    this.reset();
    return kept;
  }

  /** Ends the recording and throws away what is not complete. */
  cancel(): void {
    this.reset();
  }

  private reset(): void {
    this.phase = 'idle';
    this.plan = null;
    this.rows = [];
    this.first = null;
  }

  private cut(end: number): Piece {
    const readings = end - this.pieceFirst;
    const values = new Float32Array(readings * this.axes.length).fill(NaN);
    let got = 0;
    for (const row of this.rows) {
      const at = row.index - this.pieceFirst;
      if (at < 0 || at >= readings) continue;
      got += 1;
      for (let axis = 0; axis < this.axes.length; axis += 1) values[at * this.axes.length + axis] = row.values[axis] ?? NaN;
    }
    fillGaps(values, this.axes.length);
    return {
      label: this.plan?.label ?? '',
      rate_hz: this.rateHz,
      axes: this.axes,
      values,
      readings,
      lost: readings - got,
      startedAt: this.startedAt,
    };
  }
}

/** Puts a straight line between the neighbours of every gap (NaN), and the nearest value at the ends; zeros if all is gap. */
export function fillGaps(values: Float32Array, axes: number): void {
  const readings = values.length / Math.max(1, axes);
  for (let axis = 0; axis < axes; axis += 1) {
    let before = -1;
    for (let at = 0; at <= readings; at += 1) {
      if (at < readings && !Number.isFinite(values[at * axes + axis])) continue;
      for (let gap = before + 1; gap < at; gap += 1) values[gap * axes + axis] = between(values, axes, axis, before, at, gap, readings);
      before = at;
    }
  }
}

function between(values: Float32Array, axes: number, axis: number, before: number, after: number, at: number, readings: number): number {
  const left = before >= 0 ? values[before * axes + axis] : null;
  const right = after < readings ? values[after * axes + axis] : null;
  if (left === null || right === null) return left ?? right ?? 0;
  return left + ((right - left) * (at - before)) / (after - before);
}
