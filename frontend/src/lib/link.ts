/**
 * Mote firmware over the serial link: what the frames mean (docs/protocol.md).
 *
 * Stuffing, checksums and the counting of frames are done by the board's own C code (firmware/lib/link, see native.ts);
 * here are only the messages. What comes from the port is treated as hostile: bounds first, unknown messages are ignored.
 */
import { instantiate, type NativeExports } from './native';
import type { Reading } from './numbers';
import type { Axis } from './types';

export const LINK = {
  HELLO_REQUEST: 0x01,
  START: 0x02,
  STOP: 0x03,
  PING: 0x08,
  STATS_REQUEST: 0x09,
  HELLO: 0x81,
  READINGS: 0x82,
  STATS: 0x86,
  CLASSIFICATION: 0x87,
  PONG: 0x88,
  ACK: 0x89,
  ERROR: 0xff,
} as const;

export const WANT_READINGS = 1;
export const WANT_CLASSIFICATION = 2;

/** Longest payload, and the room an encoded frame takes at most (link_frame.h). */
const PAYLOAD_MAX = 1024;
const ENCODED_MAX = 1040;
const CHUNK = 16_384;
/** A HELLO of more than this is not one. */
const HELLO_MAX = 32_768;

export interface Frame {
  type: number;
  seq: number;
  payload: Uint8Array;
}

/** Cuts a stream of bytes into checked frames and makes frames of messages; one instance of the C library each. */
export class LinkCodec {
  private readonly native: NativeExports;
  private readonly decoder: number;
  private readonly buffer: number;
  private seq = 0;

  constructor(module: WebAssembly.Module) {
    this.native = instantiate(module);
    this.decoder = this.native.mote_alloc(this.native.link_decoder_size());
    this.buffer = this.native.mote_alloc(CHUNK);
    if (this.decoder === 0 || this.buffer === 0) throw new Error('The C library for the browser has no memory left.');
    this.native.link_decoder_reset(this.decoder);
  }

  /** Frames dropped because they were damaged. */
  get bad(): number {
    return this.native.link_decoder_bad(this.decoder) >>> 0;
  }

  /** Frames that the sender's counter says are missing, damaged ones included. */
  get lost(): number {
    return this.native.link_decoder_lost(this.decoder) >>> 0;
  }

  decode(bytes: Uint8Array): Frame[] {
    const frames: Frame[] = [];
    for (let from = 0; from < bytes.length; from += CHUNK) this.decodeChunk(bytes.subarray(from, from + CHUNK), frames);
    return frames;
  }

  private decodeChunk(chunk: Uint8Array, frames: Frame[]): void {
    const { native, decoder, buffer } = this;
    new Uint8Array(native.memory.buffer, buffer, chunk.length).set(chunk);
    for (let used = 0; used < chunk.length; ) {
      used += native.link_decoder_push(decoder, buffer + used, chunk.length - used);
      if (!native.link_decoder_ready(decoder)) break;
      const at = native.link_decoder_payload(decoder);
      const payload = new Uint8Array(native.memory.buffer, at, native.link_decoder_length(decoder)).slice();
      frames.push({ type: native.link_decoder_type(decoder), seq: native.link_decoder_seq(decoder), payload });
    }
  }

  encode(type: number, payload: Uint8Array = new Uint8Array(0)): Uint8Array {
    if (payload.length > PAYLOAD_MAX) throw new Error(`A frame takes ${PAYLOAD_MAX} bytes, this one has ${payload.length}.`);
    const { native, buffer } = this;
    const out = buffer + PAYLOAD_MAX;
    new Uint8Array(native.memory.buffer, buffer, payload.length).set(payload);
    const length = native.link_frame_encode(out, ENCODED_MAX, type, this.seq, buffer, payload.length);
    this.seq = (this.seq + 1) & 0xff;
    return new Uint8Array(native.memory.buffer, out, length).slice();
  }
}

export interface TensorFacts {
  length: number;
  scale: number;
  zero_point: number;
}

/** What a board says about itself. */
export interface Hello {
  mote: number;
  firmware: string;
  kind: 'pipeline' | 'model' | 'data_collection';
  board: string;
  source: { name: string; synthetic: boolean; help: string } | null;
  rate_hz: number;
  axes: Axis[];
  can: string[];
  labels: string[];
  window: { readings: number; stride: number } | null;
  output: TensorFacts | null;
  model: string;
}

const finite = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);
const text = (value: unknown, longest = 120): string => (typeof value === 'string' ? value.slice(0, longest) : '');
const list = (value: unknown, longest: number): unknown[] => (Array.isArray(value) ? value.slice(0, longest) : []);
const record = (value: unknown): Record<string, unknown> | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : null;

/** The HELLO's JSON with every field checked; null when it is not a HELLO. */
export function parseHello(json: string): Hello | null {
  let parsed: Record<string, unknown> | null;
  try {
    parsed = record(JSON.parse(json));
  } catch {
    return null;
  }
  if (!parsed || !finite(parsed.mote)) return null;
  const source = record(parsed.source);
  const window = record(parsed.window);
  const output = record(parsed.output);
  const kind = parsed.kind === 'model' || parsed.kind === 'data_collection' ? parsed.kind : 'pipeline';
  return {
    mote: parsed.mote,
    firmware: text(parsed.firmware),
    kind,
    board: text(parsed.board),
    source: source && { name: text(source.name), synthetic: source.synthetic === true, help: text(source.help, 500) },
    rate_hz: finite(parsed.rate_hz) && parsed.rate_hz > 0 ? parsed.rate_hz : 0,
    axes: list(parsed.axes, 255).map((axis) => ({ name: text(record(axis)?.name, 80) || 'axis', unit: text(record(axis)?.unit, 40) })),
    can: list(parsed.can, 32).map((word) => text(word)),
    labels: list(parsed.labels, 1000).map((label) => text(label)),
    window: window && finite(window.readings) && finite(window.stride) ? { readings: window.readings, stride: window.stride } : null,
    output:
      output && finite(output.length) && finite(output.scale) && finite(output.zero_point)
        ? { length: output.length, scale: output.scale, zero_point: output.zero_point }
        : null,
    model: text(parsed.model),
  };
}

/** HELLO comes in pieces when it is longer than a frame; a piece that does not fit starts anew. */
class HelloPieces {
  private bytes = new Uint8Array(0);
  private have = 0;

  add(payload: Uint8Array): Hello | null {
    if (payload.length < 5) return null;
    const view = viewOf(payload);
    const [total, offset] = [view.getUint16(0, true), view.getUint16(2, true)];
    const piece = payload.subarray(4);
    if (total > HELLO_MAX || offset + piece.length > total) return null;
    if (offset === 0) {
      this.bytes = new Uint8Array(total);
      this.have = 0;
    }
    if (this.bytes.length !== total || offset !== this.have) return null;
    this.bytes.set(piece, offset);
    this.have += piece.length;
    return this.have === total ? parseHello(new TextDecoder().decode(this.bytes)) : null;
  }
}

export interface Classification {
  /** Index of the last reading of the window. */
  index: number;
  /** Place of the winning label; null when the board could not classify this window. */
  winner: number | null;
  /** One score a label, in the order of the HELLO's labels, 0 .. 1 for a classifier. */
  scores: number[];
  status: number;
}

export interface LinkEvents {
  hello: Hello | null;
  readings: Reading[];
  classifications: Classification[];
  /** The board's own words, or ours for its error codes. */
  errors: string[];
  frames: number;
}

const ERROR_WORDS: Record<number, string> = {
  1: 'this firmware does not offer that',
  2: 'the message had the wrong length',
  3: 'a value was out of range',
  4: 'the window was not complete',
  5: 'the window holds a value that is not a number',
  6: 'a processing block refused the window',
};

export function statusWords(status: number): string {
  return ERROR_WORDS[status] ?? `error ${status}`;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Turns bytes from a Mote board into readings and classifications, keeping count of what was lost on the way. */
export class LinkStream {
  hello: Hello | null = null;
  lost = 0;
  private readonly codec: LinkCodec;
  private readonly pieces = new HelloPieces();
  /** Index on the board of the reading that comes next; null before the first one. */
  private expected: number | null = null;
  /** What is added to the board's index so that ours goes on growing when the board starts again. */
  private base = 0;

  constructor(module: WebAssembly.Module) {
    this.codec = new LinkCodec(module);
  }

  get damaged(): number {
    return this.codec.bad;
  }

  helloRequest(): Uint8Array {
    const frame = this.codec.encode(LINK.HELLO_REQUEST);
    const bytes = new Uint8Array(frame.length + 1); // a leading 0x00 ends whatever was half sent before
    bytes.set(frame, 1);
    return bytes;
  }

  /** What the board shall send at the rate its HELLO says. */
  start(flags: number): Uint8Array {
    return this.codec.encode(LINK.START, new Uint8Array([flags, 0, 0, 0, 0]));
  }

  stop(): Uint8Array {
    return this.codec.encode(LINK.STOP);
  }

  feed(bytes: Uint8Array): LinkEvents {
    const events: LinkEvents = { hello: null, readings: [], classifications: [], errors: [], frames: 0 };
    for (const frame of this.codec.decode(bytes)) {
      events.frames += 1;
      this.frame(frame, events);
    }
    return events;
  }

  /** The board counts from `index` from now on; our own index goes on growing. */
  private countFrom(index: number): void {
    this.base += (this.expected ?? 0) - index;
    this.expected = index;
  }

  private frame({ type, payload }: Frame, events: LinkEvents): void {
    if (type === LINK.HELLO) {
      const hello = this.pieces.add(payload);
      if (!hello) return;
      this.hello = hello;
      events.hello = hello;
    } else if (type === LINK.READINGS) this.onReadings(payload, events);
    else if (type === LINK.ACK && payload[0] === LINK.START) this.countFrom(0);
    else if (type === LINK.CLASSIFICATION) this.onClassification(payload, events);
    else if (type === LINK.ERROR && payload.length >= 2) {
      const said = new TextDecoder().decode(payload.subarray(2)).slice(0, 300);
      events.errors.push(said || statusWords(payload[0]));
    }
  }

  private onReadings(payload: Uint8Array, events: LinkEvents): void {
    if (payload.length < 5) return;
    const view = viewOf(payload);
    const axes = view.getUint8(4);
    const count = axes === 0 ? 0 : (payload.length - 5) / (4 * axes);
    if (!Number.isInteger(count) || count === 0 || (this.hello && axes !== this.hello.axes.length)) return;
    const index = view.getUint32(0, true);
    // The first readings seen, or the board started again: what was before them was not lost but never meant for us.
    if (this.expected === null || index < this.expected) this.countFrom(index);
    else this.lost += index - this.expected;
    for (let reading = 0; reading < count; reading += 1) {
      const values = Array.from({ length: axes }, (_, axis) => view.getFloat32(5 + 4 * (reading * axes + axis), true));
      events.readings.push({ index: this.base + index + reading, values });
    }
    this.expected = index + count;
  }

  private onClassification(payload: Uint8Array, events: LinkEvents): void {
    const output = this.hello?.output;
    const labels = this.hello?.labels.length ?? 0;
    if (payload.length < 15 || !output || payload.length !== 15 + labels) return;
    const view = viewOf(payload);
    const status = view.getUint8(4);
    const winner = view.getUint16(5, true);
    events.classifications.push({
      index: this.base + view.getUint32(0, true),
      status,
      winner: status === 0 && winner < labels ? winner : null,
      scores: Array.from({ length: labels }, (_, label) => output.scale * (view.getInt8(15 + label) - output.zero_point)),
    });
  }
}
