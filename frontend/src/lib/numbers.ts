/**
 * Lines of numbers, as any sketch prints them: one reading a line, values separated by comma, tab, semicolon or space.
 *
 * Understood besides plain numbers:
 *   - a header line with names and units:       `t_ms, ax [g], ay [g], az [g]`   (also `# ax (g)`, `ax/g`)
 *   - names at every value (serial plotters):   `ax:0.12, ay:-0.98`
 *   - a leading column that is a time or a sequence number, which makes jitter and lost readings visible
 *   - a line that starts with `ERR`: the sketch's own words for what is wrong
 * Nothing here touches the port, React or the clock: arrival times come in as arguments, so tests need no waiting.
 */

import type { Axis } from './types';

/** What the first column of a line is; 'none' when it is a value like the others. */
export type Leading = 'none' | 'time_s' | 'time_ms' | 'time_us' | 'sequence';

export type Line =
  | { kind: 'empty' }
  | { kind: 'values'; values: number[]; names?: string[] }
  | { kind: 'header'; axes: Axis[] }
  | { kind: 'error'; message: string }
  | { kind: 'noise' };

/** One reading with its place in the stream: `index` counts lost readings too, so index / rate_hz is its time. */
export interface Reading {
  index: number;
  values: number[];
  /** When the board took it, by its own clock in seconds; absent without a time column. */
  boardSeconds?: number;
}

/** Longest line that is still looked at; a board that never sends a line end must not fill the memory. */
const MAX_LINE = 4096;
const MAX_COLUMNS = 256;
/** Lines that are looked at before the first column is called a time or a sequence number. */
const LINES_TO_DECIDE = 12;

const NUMBER = /^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$/;
const SEPARATOR = /\s*[,;\t]\s*|\s+/;

export function parseLine(text: string): Line {
  const line = text.trim();
  if (line === '') return { kind: 'empty' };
  if (line.startsWith('ERR')) return { kind: 'error', message: line };
  const values = line.split(SEPARATOR).filter((field, at, all) => field !== '' || at < all.length - 1);
  if (values.length > MAX_COLUMNS) return { kind: 'noise' };
  if (values.every((field) => NUMBER.test(field))) return { kind: 'values', values: values.map(Number) };
  return parseNamed(line) ?? parseHeader(line) ?? { kind: 'noise' };
}

/** `ax:0.12, ay:-0.98`: every value carries its name. */
function parseNamed(line: string): Line | null {
  const pairs = line.replace(/\s*[:=]\s*/g, ':').split(SEPARATOR).filter(Boolean);
  const names: string[] = [];
  const values: number[] = [];
  for (const pair of pairs) {
    const at = pair.lastIndexOf(':');
    const value = pair.slice(at + 1);
    if (at < 1 || !NUMBER.test(value)) return null;
    names.push(pair.slice(0, at));
    values.push(Number(value));
  }
  return values.length > 0 ? { kind: 'values', values, names } : null;
}

/** `t_ms, ax [g], ay (g), az/g`: at least one letter in every field, and no number standing alone. */
function parseHeader(line: string): Line | null {
  const body = line.replace(/^(#|\/\/|%)\s*/, '');
  const fields = (/[,;\t]/.test(body) ? body.split(/[,;\t]/) : splitOutsideBrackets(body)).map((field) => field.trim());
  if (fields.length > MAX_COLUMNS) return null;
  const axes = fields.map(parseAxis);
  return axes.every((axis): axis is Axis => axis !== null) ? { kind: 'header', axes } : null;
}

/** Splits on spaces, but keeps `ax [m/s2]` together. */
function splitOutsideBrackets(line: string): string[] {
  return line.replace(/\s+(?=[[(])/g, '').split(/\s+/);
}

function parseAxis(field: string): Axis | null {
  const match = /^([^[\]()]*?)\s*(?:[[(]([^[\]()]*)[\])])?$/.exec(field.replace(/^'|'$/g, ''));
  if (!match) return null;
  const [name, slashUnit] = match[2] === undefined ? splitSlash(match[1] ?? '') : [match[1] ?? '', ''];
  // Letters, digits and a few signs: what is left of a line cut by noise has others.
  if (!/^[\p{L}_][\p{L}\p{N}_ .#-]{0,63}$/u.test(name)) return null;
  return { name, unit: (match[2] ?? slashUnit).trim() };
}

function splitSlash(text: string): [string, string] {
  const at = text.indexOf('/');
  return at > 0 ? [text.slice(0, at).trim(), text.slice(at + 1).trim()] : [text, ''];
}

const TIME_NAMES: Record<string, Leading> = {
  t: 'time_s',
  time: 'time_s',
  t_s: 'time_s',
  time_s: 'time_s',
  seconds: 'time_s',
  t_ms: 'time_ms',
  time_ms: 'time_ms',
  timestamp_ms: 'time_ms',
  ms: 'time_ms',
  millis: 'time_ms',
  t_us: 'time_us',
  time_us: 'time_us',
  timestamp_us: 'time_us',
  us: 'time_us',
  micros: 'time_us',
  seq: 'sequence',
  sequence: 'sequence',
  index: 'sequence',
  counter: 'sequence',
};

const UNIT_TIMES: Record<string, Leading> = { s: 'time_s', ms: 'time_ms', us: 'time_us', 'µs': 'time_us' };

/** What a column called so is, from its name and unit; 'none' for a sensor's value. */
export function leadingOf(axis: Axis): Leading {
  const byName = TIME_NAMES[axis.name.toLowerCase()];
  if (byName === undefined) return axis.name.toLowerCase() === 'timestamp' ? (UNIT_TIMES[axis.unit] ?? 'time_ms') : 'none';
  if (byName === 'sequence') return byName;
  return UNIT_TIMES[axis.unit.toLowerCase()] ?? byName;
}

/** Seconds of one unit of the leading column. */
const SECONDS: Record<Leading, number> = { none: 0, sequence: 0, time_s: 1, time_ms: 1e-3, time_us: 1e-6 };

/**
 * Looks at the first lines and says what their first column is. Only whole numbers that always grow can be a time or a
 * sequence; steps of exactly one are a sequence; otherwise the unit that comes nearest to the clock of this computer.
 *
 * rows      the first lines' values
 * seconds   how long they took to arrive
 */
export function guessLeading(rows: number[][], seconds: number): Leading {
  const first = rows.map((row) => row[0] ?? 0);
  if (rows.length < 3 || rows.some((row) => row.length < 2)) return 'none';
  const steps = first.slice(1).map((value, at) => value - (first[at] ?? 0));
  if (!first.every(Number.isInteger) || !steps.every((step) => step > 0)) return 'none';
  if (steps.every((step) => step === 1)) return 'sequence';
  const span = (first[first.length - 1] ?? 0) - (first[0] ?? 0);
  // Bursts of USB make the clock vague; a factor of 10 still tells ms from us.
  const near = (unit: number) => Math.abs(Math.log10((span * unit) / Math.max(seconds, 1e-3))) < 1;
  if (near(1e-3)) return 'time_ms';
  if (near(1e-6)) return 'time_us';
  return 'none';
}

/** What a person corrected; what is absent is taken from the lines. */
export interface Corrections {
  axes?: Axis[];
  leading?: Leading;
}

export interface NumberEvents {
  /** Readings that are complete, in order. */
  readings: Reading[];
  errors: string[];
  /** The axes changed (header seen, or another number of columns): buffers must start anew. */
  layoutChanged: boolean;
}

/** Turns bytes into readings, keeping count of what was lost or damaged on the way. */
export class NumberStream {
  axes: Axis[] = [];
  leading: Leading = 'none';
  /** Whether the first column was settled by a header, by looking at lines, or by a person. */
  leadingFrom: 'header' | 'lines' | 'person' | 'undecided' = 'undecided';
  lost = 0;
  damaged = 0;
  /** Lines of numbers seen, including those that wait for the decision about their first column. */
  lines = 0;

  private text = '';
  private readonly decoder = new TextDecoder('utf-8', { fatal: false });
  private columns = 0;
  private header: Axis[] | null = null;
  private corrections: Corrections;
  private waiting: number[][] = [];
  private waitingSince = 0;
  private firstLine = true;
  private nextIndex = 0;
  private lastLeading: number | null = null;
  private readonly steps: number[] = [];

  constructor(corrections: Corrections = {}) {
    this.corrections = corrections;
  }

  /** Names, units or the meaning of the first column as a person wants them; starts the layout anew. */
  correct(corrections: Corrections): void {
    this.corrections = corrections;
    this.settle(this.columns, this.waiting, 0);
  }

  /** Bytes as they came, `now` in seconds of any steady clock. */
  feed(bytes: Uint8Array, now: number): NumberEvents {
    const events: NumberEvents = { readings: [], errors: [], layoutChanged: false };
    this.text += this.decoder.decode(bytes, { stream: true });
    const lines = this.text.split(/\r\n|\n|\r(?!$)/);
    this.text = lines.pop() ?? '';
    if (this.text.length > MAX_LINE) {
      this.text = '';
      this.damaged += 1;
    }
    for (const line of lines) this.line(line, now, events);
    return events;
  }

  private line(text: string, now: number, events: NumberEvents): void {
    const line: Line = text.length > MAX_LINE ? { kind: 'noise' } : parseLine(text);
    const mayBeCut = this.firstLine;
    this.firstLine = false;
    if (line.kind === 'error') events.errors.push(line.message);
    else if (line.kind === 'header') this.onHeader(line.axes);
    else if (line.kind === 'noise') this.damaged += mayBeCut ? 0 : 1;
    // The port may have been opened in the middle of a line: what is left of the first number is another number.
    else if (line.kind === 'values' && !mayBeCut) this.onValues(line.values, line.names, now, events);
  }

  private onHeader(axes: Axis[]): void {
    this.header = axes;
    this.columns = 0;
    this.waiting = [];
  }

  private onValues(values: number[], names: string[] | undefined, now: number, events: NumberEvents): void {
    this.lines += 1;
    if (names && (this.header === null || this.header.length !== names.length)) {
      this.onHeader(names.map((name) => ({ name, unit: '' })));
    }
    if (values.length !== this.columns) {
      // One line with another number of columns is a damaged line; several in a row are another layout.
      if (this.columns !== 0 && !this.isNewLayout(values)) {
        this.damaged += 1;
        return;
      }
      this.beginLayout(values.length, now);
      events.layoutChanged = true;
    }
    this.oddRows = 0;
    if (this.leadingFrom !== 'undecided') {
      this.emit(values, events);
      return;
    }
    this.waiting.push(values);
    if (this.waiting.length >= LINES_TO_DECIDE || this.columns < 2) {
      const rows = this.waiting;
      this.settle(this.columns, rows, now - this.waitingSince);
      events.layoutChanged = true;
      for (const row of rows) this.emit(row, events);
      this.waiting = [];
    }
  }

  private oddRows = 0;

  private isNewLayout(values: number[]): boolean {
    this.oddRows = values.length === this.oddColumns ? this.oddRows + 1 : 1;
    this.oddColumns = values.length;
    return this.oddRows >= 3;
  }

  private oddColumns = 0;

  private beginLayout(columns: number, now: number): void {
    this.columns = columns;
    if (this.header && this.header.length !== columns) this.header = null;
    this.waiting = [];
    this.waitingSince = now;
    this.leadingFrom = 'undecided';
    if (this.corrections.leading !== undefined || this.header) this.settle(columns, [], 0);
    this.lastLeading = null;
    this.steps.length = 0;
  }

  /** Decides what the first column is and what the axes are called. */
  private settle(columns: number, rows: number[][], seconds: number): void {
    if (columns === 0) return;
    const header = this.header;
    if (this.corrections.leading !== undefined) {
      this.leading = columns > 1 ? this.corrections.leading : 'none';
      this.leadingFrom = 'person';
    } else if (header && header[0]) {
      this.leading = columns > 1 ? leadingOf(header[0]) : 'none';
      this.leadingFrom = 'header';
    } else {
      this.leading = guessLeading(rows, seconds);
      this.leadingFrom = 'lines';
    }
    const skip = this.leading === 'none' ? 0 : 1;
    const found = Array.from({ length: columns - skip }, (_, at) => header?.[at + skip] ?? { name: `value${at + 1}`, unit: '' });
    const wanted = this.corrections.axes;
    this.axes = wanted && wanted.length === found.length ? wanted : found;
    this.lastLeading = null;
    this.steps.length = 0;
  }

  private emit(row: number[], events: NumberEvents): void {
    if (this.leading === 'none') {
      events.readings.push({ index: this.nextIndex, values: row });
    } else {
      const first = row[0] ?? 0;
      const missing = this.leading === 'sequence' ? this.missingBySequence(first) : this.missingByTime(first);
      this.lost += missing;
      this.nextIndex += missing;
      this.lastLeading = first;
      const time = this.leading === 'sequence' ? {} : { boardSeconds: first * SECONDS[this.leading] };
      events.readings.push({ index: this.nextIndex, values: row.slice(1), ...time });
    }
    this.nextIndex += 1;
  }

  /** Readings missing before this sequence number; counters of 8, 16 and 32 bits may wrap, a board may start again. */
  private missingBySequence(sequence: number): number {
    if (this.lastLeading === null) return 0;
    let step = sequence - this.lastLeading;
    if (step <= 0) {
      const last = this.lastLeading;
      const size = [2 ** 8, 2 ** 16, 2 ** 32].find((limit) => last < limit && last >= limit * 0.75);
      if (size === undefined || sequence > size / 4) return 0;
      step += size;
    }
    return step > 1 && step < 1e6 ? step - 1 : 0;
  }

  /** Readings missing before this time: a step of k usual steps means k - 1 of them. */
  private missingByTime(time: number): number {
    if (this.lastLeading === null) return 0;
    const step = time - this.lastLeading;
    const usual = median(this.steps);
    // A gap must not become the new usual step.
    if (step > 0 && (usual === null || step < usual * 1.5)) {
      this.steps.push(step);
      if (this.steps.length > 101) this.steps.shift();
    }
    if (usual === null || this.steps.length < 8 || step < usual * 1.5) return 0;
    const missing = Math.round(step / usual) - 1;
    return missing < 1e6 ? missing : 0;
  }
}

export function median(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const high = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? high : (high + (sorted[middle - 1] ?? 0)) / 2;
}

export interface RateEstimate {
  /** Readings a second; null until there is enough to tell. */
  rateHz: number | null;
  /** Standard deviation of the readings' times around an even spacing. */
  jitterMs: number | null;
  /** Whose clock told: the board's (a time column) or this computer's (arrival over USB, which comes in bursts). */
  clock: 'board' | 'computer';
}

interface Tick {
  index: number;
  seconds: number;
}

/**
 * Rate and jitter over the last seconds: a straight line through (time, index) by least squares. Its slope is the rate;
 * what is left over is the jitter. Works for the board's own times and for arrival times alike.
 */
export class RateMeter {
  private board: Tick[] = [];
  private computer: Tick[] = [];

  constructor(private readonly spanSeconds = 5) {}

  /** One batch: the index after its last reading, and when it arrived by this computer's clock. */
  arrived(index: number, seconds: number): void {
    push(this.computer, { index, seconds }, this.spanSeconds);
  }

  /** One reading with the board's own time. */
  measured(index: number, seconds: number): void {
    const last = this.board[this.board.length - 1];
    if (last && seconds <= last.seconds) this.board = [];
    push(this.board, { index, seconds }, this.spanSeconds);
  }

  reset(): void {
    this.board = [];
    this.computer = [];
  }

  estimate(): RateEstimate {
    const clock = this.board.length >= 8 ? 'board' : 'computer';
    const ticks = clock === 'board' ? this.board : this.computer;
    const fit = fitLine(ticks);
    if (fit === null) return { rateHz: null, jitterMs: null, clock };
    return { rateHz: fit.slope, jitterMs: (fit.residual / fit.slope) * 1000, clock };
  }
}

function push(ticks: Tick[], tick: Tick, span: number): void {
  ticks.push(tick);
  while (ticks.length > 2 && (ticks[0]?.seconds ?? 0) < tick.seconds - span) ticks.shift();
}

/** Slope (readings a second) and root mean square residual (readings) of index over seconds. */
function fitLine(ticks: readonly Tick[]): { slope: number; residual: number } | null {
  const first = ticks[0];
  const last = ticks[ticks.length - 1];
  if (!first || !last || ticks.length < 4 || last.seconds - first.seconds < 0.5) return null;
  const n = ticks.length;
  const meanT = ticks.reduce((sum, tick) => sum + tick.seconds - first.seconds, 0) / n;
  const meanI = ticks.reduce((sum, tick) => sum + tick.index - first.index, 0) / n;
  let tt = 0;
  let ti = 0;
  let ii = 0;
  for (const tick of ticks) {
    const t = tick.seconds - first.seconds - meanT;
    const i = tick.index - first.index - meanI;
    tt += t * t;
    ti += t * i;
    ii += i * i;
  }
  const slope = ti / tt;
  if (!(slope > 0)) return null;
  return { slope, residual: Math.sqrt(Math.max(0, ii - slope * ti) / n) };
}

const COMMON_RATES = [
  1, 2, 4, 5, 8, 10, 12.5, 16, 20, 25, 30, 32, 40, 50, 52, 60, 62.5, 64, 75, 80, 100, 104, 119, 120, 125, 128, 150, 200, 208, 238, 250, 256, 400,
  416, 476, 500, 512, 800, 833, 952, 1000, 1024, 1600, 1660, 2000, 2048, 3200, 4000, 8000, 11025, 16000, 22050, 32000, 44100, 48000,
];

/** The usual rate within 2 % of a measured one, else the measured one with three digits: the rate to offer. */
export function niceRate(rateHz: number): number {
  let best = Number(rateHz.toPrecision(3));
  let nearest = 0.02;
  for (const rate of COMMON_RATES) {
    const off = Math.abs(rate / rateHz - 1);
    if (off < nearest) [best, nearest] = [rate, off];
  }
  return best;
}
