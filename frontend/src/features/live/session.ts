/**
 * One board on one port, from the click on "Connect" to the last reading.
 *
 * Listens for both kinds of boards at once: lines of numbers (lib/numbers) and Mote firmware (lib/link); whichever is
 * understood first decides. Readings go into a ring buffer that the plot reads by itself; React only sees a small snapshot
 * a few times a second.
 */
import { LinkStream, statusWords, WANT_CLASSIFICATION, WANT_READINGS, type Classification, type Hello } from 'lib/link';
import { niceRate, NumberStream, RateMeter, type Corrections, type Leading, type RateEstimate, type Reading } from 'lib/numbers';
import { explain, SerialLine, whenPluggedIn, type SerialPortLike, type Trouble } from 'lib/serial';
import type { Axis } from 'lib/types';
import { Recorder, type Piece, type Plan, type RecorderPhase } from './recorder';
import { RingBuffer } from './ring';

/** closed: no port. listening: open, nothing understood yet. unplugged: waiting for the board to come back. */
export type Phase = 'closed' | 'opening' | 'listening' | 'streaming' | 'unplugged';

export interface Snapshot {
  phase: Phase;
  source: 'numbers' | 'mote' | null;
  baud: number;
  hello: Hello | null;
  axes: Axis[];
  leading: Leading;
  leadingFrom: NumberStream['leadingFrom'];
  measured: RateEstimate;
  /** What recordings are stored with: the person's, the board's own, or the usual rate nearest to the measured one. */
  rateHz: number | null;
  rateFrom: 'person' | 'board' | 'measured';
  received: number;
  lost: number;
  damaged: number;
  /** Seconds since the last byte. */
  silent_s: number;
  /** Bytes come, but nothing of them is understood. */
  garbled: boolean;
  trouble: Trouble | null;
  /** Why Mote firmware cannot be recognised here; empty when it can. */
  linkProblem: string;
  recorder: { phase: RecorderPhase; countdown_s: number; elapsed_s: number; plan: Plan | null };
  classification: Classification | null;
}

/** Readings held for the plot: 2 minutes at 1 kHz, 8 seconds of audio. */
const RING_READINGS = 131_072;
const KEPT_CLASSIFICATIONS = 2000;
const LINES_TO_BELIEVE = 3;
const BYTES_TO_CALL_GARBLED = 400;
const TICK_MS = 100;
const HELLO_EVERY_S = 0.5;
/** After so long without an answer the board is asked less often. */
const ASK_EAGERLY_S = 10;
const HELLO_SELDOM_S = 2;
const START_AGAIN_S = 0.7;
const SHOW_TROUBLE_S = 8;

export class LiveSession {
  ring = new RingBuffer(0, 1);
  classifications: Classification[] = [];

  private phase: Phase = 'closed';
  private source: Snapshot['source'] = null;
  private baud = 115_200;
  private line: SerialLine | null = null;
  private port: SerialPortLike | null = null;
  private numbers = new NumberStream();
  private link: LinkStream | null = null;
  private linkProblem = '';
  private meter = new RateMeter();
  private readonly recorder = new Recorder();
  private corrections: Corrections & { rateHz?: number } = {};
  private trouble: Trouble | null = null;
  private troubleAt = 0;
  private received = 0;
  private bytes = 0;
  private lastByteAt = 0;
  private openedAt = 0;
  /** When the board was last asked for something. */
  private askedAt = 0;
  /** Flags of START. */
  private wanted = 0;
  /** START was sent and no reading has come since. */
  private starting = false;
  private timer: ReturnType<typeof setInterval> | undefined;
  private stopWaiting: () => void = () => undefined;
  private readonly listeners = new Set<() => void>();
  private snapshot: Snapshot;
  /** Grows with every connect and disconnect, so that what an older one still awaits comes to nothing. */
  private generation = 0;

  constructor(
    private readonly loadModule: () => Promise<WebAssembly.Module>,
    private readonly onPiece: (piece: Piece) => void,
    private readonly clock: () => number = () => performance.now() / 1000,
  ) {
    this.snapshot = this.look();
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  getSnapshot = (): Snapshot => this.snapshot;

  /** Opens the port and listens; a failure is told in the snapshot. */
  async connect(port: SerialPortLike, baud = this.baud): Promise<void> {
    await this.disconnect();
    const mine = (this.generation += 1);
    this.port = port;
    this.baud = baud;
    this.trouble = null;
    this.reset();
    this.become('opening');
    const module = await this.loadModule().catch((error: Error) => {
      this.linkProblem = error.message;
      return null;
    });
    try {
      this.link = module && new LinkStream(module);
      const line = await SerialLine.open(port, baud, {
        onBytes: (bytes, seconds) => mine === this.generation && this.onBytes(bytes, seconds),
        onHiccup: (trouble) => mine === this.generation && this.fail(trouble),
        onEnd: (trouble) => mine === this.generation && this.onEnd(trouble),
      }, this.clock);
      if (mine !== this.generation) return void line.close();
      this.line = line;
    } catch (error) {
      if (mine !== this.generation) return;
      this.trouble = explain(error);
      this.become('closed');
      return;
    }
    this.openedAt = this.clock();
    this.lastByteAt = this.openedAt;
    this.timer = setInterval(() => this.tick(), TICK_MS);
    this.become('listening');
  }

  async disconnect(): Promise<void> {
    this.generation += 1;
    this.finishRecording();
    this.stopWaiting();
    clearInterval(this.timer);
    const line = this.line;
    this.line = null;
    if (line && this.source === 'mote' && this.link) await line.write(this.link.stop()).catch(() => undefined);
    await line?.close();
    if (this.phase !== 'closed') this.become('closed');
  }

  /** Opens the same port with another speed, or again after it was unplugged. */
  async reconnect(baud = this.baud): Promise<void> {
    if (this.port) await this.connect(this.port, baud);
  }

  /** What a person knows better: names, units, what the first column is, the rate. */
  correct(corrections: Corrections & { rateHz?: number }): void {
    this.corrections = { ...this.corrections, ...corrections };
    const layout = corrections.axes !== undefined || corrections.leading !== undefined;
    if (layout && this.source !== 'mote') {
      this.numbers.correct(this.corrections);
      this.newLayout(this.numbers.axes);
    }
    this.notify();
  }

  record(plan: Plan): void {
    const { rateHz, axes, phase } = this.look();
    if (phase !== 'streaming' || rateHz === null) return;
    this.recorder.start(plan, rateHz, axes, this.clock());
    this.notify();
  }

  finishRecording(): void {
    const piece = this.recorder.stop();
    if (piece) this.onPiece(piece);
    this.notify();
  }

  cancelRecording(): void {
    this.recorder.cancel();
    this.notify();
  }

  private reset(): void {
    this.source = null;
    this.numbers = new NumberStream(this.corrections);
    this.link = null;
    this.linkProblem = '';
    this.meter = new RateMeter();
    this.ring = new RingBuffer(0, 1);
    this.classifications = [];
    this.received = 0;
    this.bytes = 0;
    this.askedAt = 0;
    this.wanted = 0;
    this.starting = false;
  }

  private newLayout(axes: Axis[]): void {
    this.finishRecording();
    if (axes.length !== this.ring.axes) this.ring = new RingBuffer(axes.length, RING_READINGS / Math.max(1, axes.length / 8));
    this.meter.reset();
  }

  private onBytes(bytes: Uint8Array, now: number): void {
    this.bytes += bytes.length;
    this.lastByteAt = now;
    if (this.source !== 'numbers' || this.numbers.damaged > 20) this.hearLink(bytes, now);
    if (this.source !== 'mote') this.hearNumbers(bytes, now);
  }

  private hearNumbers(bytes: Uint8Array, now: number): void {
    const events = this.numbers.feed(bytes, now);
    if (events.layoutChanged) this.newLayout(this.numbers.axes);
    if (this.source === null && this.numbers.lines >= LINES_TO_BELIEVE && this.numbers.axes.length > 0) this.understood('numbers');
    if (events.errors.length > 0) this.fail({ message: `The sketch reports: ${events.errors[0]}`, hint: 'This text comes from the program on the board.' });
    for (const reading of events.readings) if (reading.boardSeconds !== undefined) this.meter.measured(reading.index, reading.boardSeconds);
    this.take(events.readings, now);
  }

  private hearLink(bytes: Uint8Array, now: number): void {
    if (!this.link) return;
    const events = this.link.feed(bytes);
    if (events.hello) this.onHello(events.hello);
    if (this.source !== 'mote') return;
    if (events.errors.length > 0) this.fail({ message: `The board refuses: ${events.errors[0]}.`, hint: '' });
    for (const classification of events.classifications) this.onClassification(classification);
    this.take(events.readings, now);
  }

  /** The first HELLO, or another one because the board was reset: both want a START. */
  private onHello(hello: Hello): void {
    this.understood('mote');
    this.newLayout(hello.axes);
    this.wanted = (hello.can.includes('readings') ? WANT_READINGS : 0) | (hello.can.includes('classification') ? WANT_CLASSIFICATION : 0);
    if (this.wanted === 0) {
      this.fail({ message: `The firmware on this board (${hello.kind}) sends no readings.`, hint: 'Build a deployment of kind "firmware" or "data collection" for it.' });
      return;
    }
    this.start();
  }

  private onClassification(classification: Classification): void {
    if (classification.status !== 0) {
      this.fail({ message: `The board could not classify a window: ${statusWords(classification.status)}.`, hint: '' });
      return;
    }
    this.classifications.push(classification);
    if (this.classifications.length > KEPT_CLASSIFICATIONS) this.classifications.splice(0, KEPT_CLASSIFICATIONS / 4);
  }

  private take(readings: Reading[], now: number): void {
    if (readings.length === 0) return;
    this.received += readings.length;
    this.starting = false;
    this.ring.push(readings);
    this.meter.arrived(readings[readings.length - 1].index + 1, now);
    for (const piece of this.recorder.take(readings)) this.onPiece(piece);
  }

  private understood(source: 'numbers' | 'mote'): void {
    this.source = source;
    this.become('streaming');
  }

  private onEnd(trouble: Trouble): void {
    clearInterval(this.timer);
    this.line = null;
    this.finishRecording();
    this.trouble = trouble;
    this.become('unplugged');
    if (this.port) this.stopWaiting = whenPluggedIn(this.port, (port) => void this.connect(port));
  }

  private fail(trouble: Trouble): void {
    this.trouble = trouble;
    this.troubleAt = this.clock();
    this.notify();
  }

  private tick(): void {
    const now = this.clock();
    this.recorder.tick(now);
    const every = now - this.openedAt < ASK_EAGERLY_S ? HELLO_EVERY_S : HELLO_SELDOM_S;
    if (this.source === null && this.link && now - this.askedAt >= every) {
      this.askedAt = now;
      this.send(this.link.helloRequest());
    }
    // START may have been damaged on the way: said again until the first reading comes.
    if (this.starting && now - this.askedAt > Math.max(START_AGAIN_S, 3 / (this.link?.hello?.rate_hz || 1))) this.start();
    this.notify();
  }

  private send(bytes: Uint8Array): void {
    void this.line?.write(bytes).catch(() => undefined);
  }

  private start(): void {
    if (!this.link) return;
    this.starting = true;
    this.askedAt = this.clock();
    this.send(this.link.start(this.wanted));
  }

  private become(phase: Phase): void {
    this.phase = phase;
    this.notify();
  }

  private notify(): void {
    this.snapshot = this.look();
    this.listeners.forEach((listener) => listener());
  }

  private look(): Snapshot {
    const now = this.clock();
    const hello = this.source === 'mote' ? (this.link?.hello ?? null) : null;
    const measured = this.meter.estimate();
    const [rateHz, rateFrom] = this.rate(hello, measured);
    return {
      phase: this.phase,
      source: this.source,
      baud: this.baud,
      hello,
      axes: hello ? hello.axes : this.numbers.axes,
      leading: this.numbers.leading,
      leadingFrom: this.numbers.leadingFrom,
      measured,
      rateHz,
      rateFrom,
      received: this.received,
      lost: hello ? (this.link?.lost ?? 0) : this.numbers.lost,
      damaged: hello ? (this.link?.damaged ?? 0) : this.numbers.damaged,
      silent_s: this.line ? now - this.lastByteAt : 0,
      garbled: this.source === null && this.bytes > BYTES_TO_CALL_GARBLED,
      trouble: this.currentTrouble(now),
      linkProblem: this.linkProblem,
      recorder: {
        phase: this.recorder.phase,
        countdown_s: this.recorder.countdownLeft(now),
        elapsed_s: this.recorder.elapsed_s,
        plan: this.recorder.current,
      },
      classification: this.classifications[this.classifications.length - 1] ?? null,
    };
  }

  /** What happened to an open stream is shown for a while; what ended it stays. */
  private currentTrouble(now: number): Trouble | null {
    return this.line && now - this.troubleAt > SHOW_TROUBLE_S ? null : this.trouble;
  }

  private rate(hello: Hello | null, measured: RateEstimate): [number | null, Snapshot['rateFrom']] {
    if (this.corrections.rateHz !== undefined) return [this.corrections.rateHz, 'person'];
    if (hello && hello.rate_hz > 0) return [hello.rate_hz, 'board'];
    return [measured.rateHz === null ? null : niceRate(measured.rateHz), 'measured'];
  }
}
