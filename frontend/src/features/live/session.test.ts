/** The whole way of a live stream on a port in memory; Mote firmware is played with the real C library. */
import { readFileSync } from 'fs';
import { join } from 'path';
import { LINK, LinkCodec } from 'lib/link';
import type { SerialPortLike } from 'lib/serial';
import type { Piece } from './recorder';
import { LiveSession } from './session';

const module = new WebAssembly.Module(readFileSync(join(__dirname, '../../../public/native/mote.wasm')));

class FakePort implements SerialPortLike {
  onWrite: (bytes: Uint8Array) => void = () => undefined;
  openError: Error | null = null;
  private resolve: ((result: { value?: Uint8Array; done: boolean }) => void) | null = null;
  private queue: Uint8Array[] = [];
  private ended = false;

  readable = {
    getReader: () => ({
      read: () =>
        new Promise((resolve) => {
          this.resolve = resolve;
          this.pump();
        }),
      cancel: async () => this.resolve?.({ done: true }),
      releaseLock: () => undefined,
    }),
  } as unknown as ReadableStream<Uint8Array>;
  writable = {
    getWriter: () => ({ write: async (bytes: Uint8Array) => this.onWrite(bytes), releaseLock: () => undefined }),
  } as unknown as WritableStream<Uint8Array>;

  async open() {
    if (this.openError) throw this.openError;
  }

  async close() {}

  send(bytes: Uint8Array) {
    this.queue.push(bytes);
    this.pump();
  }

  unplug() {
    this.ended = true;
    this.pump();
  }

  private pump() {
    const resolve = this.resolve;
    if (!resolve || (this.queue.length === 0 && !this.ended)) return;
    this.resolve = null;
    const value = this.queue.shift();
    resolve(value ? { value, done: false } : { done: true });
  }
}

/** The microtasks of a few awaited steps. */
async function settle() {
  for (let i = 0; i < 20; i += 1) await Promise.resolve();
}

let now = 100;
let pieces: Piece[] = [];
const text = (line: string) => new TextEncoder().encode(line);

function session() {
  return new LiveSession(async () => module, (piece) => pieces.push(piece), () => now);
}

/** `n` lines at 100 Hz. */
async function lines(port: FakePort, n: number, make: (i: number) => string, from = 0) {
  for (let i = from; i < from + n; i += 1) {
    now += 0.01;
    port.send(text(`${make(i)}\r\n`));
    await settle();
  }
}

beforeEach(() => {
  jest.useFakeTimers();
  now = 100;
  pieces = [];
});
afterEach(() => jest.useRealTimers());

test('a sketch that prints numbers is recognised, measured and recorded', async () => {
  const [live, port] = [session(), new FakePort()];
  await live.connect(port, 9600);
  expect(live.getSnapshot().phase).toBe('listening');
  port.send(text('\r\nax [g], ay [g]\r\n'));
  await lines(port, 200, (i) => `${Math.sin(i)},${i}`);
  jest.advanceTimersByTime(100);
  const seen = live.getSnapshot();
  expect([seen.phase, seen.source, seen.received, seen.damaged]).toEqual(['streaming', 'numbers', 200, 0]);
  expect(seen.axes.map((axis) => axis.unit)).toEqual(['g', 'g']);
  expect(seen.measured.rateHz).toBeCloseTo(100, 0);
  expect([seen.rateHz, seen.rateFrom]).toEqual([100, 'measured']);
  live.record({ label: 'wave', seconds: 0.5, countdown_s: 0, piece_s: null });
  await lines(port, 60, (i) => `1,${i}`);
  expect(pieces.map((piece) => [piece.readings, piece.rate_hz])).toEqual([[50, 100]]);
  await live.disconnect();
  expect(live.getSnapshot().phase).toBe('closed');
});

test('a corrected rate is the one that recordings get', async () => {
  const [live, port] = [session(), new FakePort()];
  await live.connect(port);
  await lines(port, 100, (i) => `${i % 7},2`);
  live.correct({ rateHz: 104 });
  expect([live.getSnapshot().rateHz, live.getSnapshot().rateFrom]).toEqual([104, 'person']);
});

test('bytes that nobody understands are called garbled', async () => {
  const [live, port] = [session(), new FakePort()];
  await live.connect(port);
  port.send(Uint8Array.from({ length: 1000 }, (_, i) => 128 + ((i * 37) & 127)));
  await settle();
  jest.advanceTimersByTime(100);
  expect(live.getSnapshot()).toMatchObject({ phase: 'listening', garbled: true });
});

test('an unplugged board ends the recording with what there is, and is waited for', async () => {
  const [live, port] = [session(), new FakePort()];
  await live.connect(port);
  await lines(port, 100, (i) => `${i % 7},2`);
  live.record({ label: 'wave', seconds: 60, countdown_s: 0, piece_s: null });
  await lines(port, 30, (i) => `${i % 7},2`);
  port.unplug();
  await settle();
  expect(live.getSnapshot().phase).toBe('unplugged');
  expect(live.getSnapshot().trouble?.message).toContain('unplugged');
  expect(pieces[0].readings).toBe(30);
});

test('a port that is busy is told in words', async () => {
  const [live, port] = [session(), new FakePort()];
  port.openError = Object.assign(new Error('Failed to open serial port.'), { name: 'NetworkError' });
  await live.connect(port);
  expect(live.getSnapshot().phase).toBe('closed');
  expect(live.getSnapshot().trouble?.hint).toContain('Another program');
});

test('without the C library numbers still work, and the page knows what is missing', async () => {
  const [live, port] = [new LiveSession(() => Promise.reject(new Error('mote.wasm is missing')), () => undefined, () => now), new FakePort()];
  await live.connect(port);
  await lines(port, 20, (i) => `${i % 3},1`);
  expect(live.getSnapshot()).toMatchObject({ source: 'numbers', linkProblem: 'mote.wasm is missing' });
});

describe('Mote firmware', () => {
  const facts = {
    mote: 1,
    kind: 'pipeline',
    board: 'mps2_an386',
    rate_hz: 100,
    axes: [{ name: 'x', unit: 'g' }],
    can: ['readings', 'classification'],
    labels: ['idle', 'wave'],
    output: { length: 2, scale: 1 / 256, zero_point: -128 },
  };

  /** Answers HELLO_REQUEST with HELLO and START with ACK. */
  function board(port: FakePort) {
    const [codec, hearing] = [new LinkCodec(module), new LinkCodec(module)];
    const started: number[] = [];
    const hello = () => {
      const json = new TextEncoder().encode(JSON.stringify(facts));
      const payload = new Uint8Array(4 + json.length);
      new DataView(payload.buffer).setUint16(0, json.length, true);
      payload.set(json, 4);
      port.send(codec.encode(LINK.HELLO, payload));
    };
    port.onWrite = (bytes) => {
      for (const frame of hearing.decode(bytes)) {
        if (frame.type === LINK.HELLO_REQUEST) hello();
        if (frame.type === LINK.START) {
          started.push(frame.payload[0]);
          port.send(codec.encode(LINK.ACK, new Uint8Array([LINK.START, frame.seq])));
        }
      }
    };
    const readings = (index: number, n: number) => {
      const payload = new Uint8Array(5 + 4 * n);
      const view = new DataView(payload.buffer);
      view.setUint32(0, index, true);
      view.setUint8(4, 1);
      for (let i = 0; i < n; i += 1) view.setFloat32(5 + 4 * i, index + i, true);
      return codec.encode(LINK.READINGS, payload);
    };
    const classification = (index: number) => {
      const payload = new Uint8Array(17);
      const view = new DataView(payload.buffer);
      view.setUint32(0, index, true);
      view.setUint16(5, 1, true);
      view.setInt8(15, -128);
      view.setInt8(16, 127);
      return codec.encode(LINK.CLASSIFICATION, payload);
    };
    return { hello, readings, classification, started };
  }

  async function connected() {
    const [live, port] = [session(), new FakePort()];
    const mote = board(port);
    await live.connect(port);
    jest.advanceTimersByTime(100);
    await settle();
    return { live, port, mote };
  }

  test('answers, is started with readings and classification, and streams', async () => {
    const { live, port, mote } = await connected();
    expect(live.getSnapshot()).toMatchObject({ phase: 'streaming', source: 'mote', rateHz: 100, rateFrom: 'board' });
    expect(mote.started).toEqual([3]);
    for (let i = 0; i < 50; i += 1) {
      now += 0.02;
      port.send(mote.readings(2 * i, 2));
      await settle();
    }
    port.send(mote.classification(99));
    await settle();
    jest.advanceTimersByTime(100);
    const seen = live.getSnapshot();
    expect([seen.received, seen.lost, seen.damaged]).toEqual([100, 0, 0]);
    expect(seen.measured.rateHz).toBeCloseTo(100, 0);
    expect(seen.classification).toMatchObject({ winner: 1, index: 99 });
    expect(live.ring.at(0, 99)).toBe(99);
  });

  test('is started again when START was lost on the way', async () => {
    const { live, port, mote } = await connected();
    expect(mote.started).toHaveLength(1);
    now += 1;
    jest.advanceTimersByTime(100);
    await settle();
    expect(mote.started).toHaveLength(2);
    port.send(mote.readings(0, 10));
    await settle();
    jest.advanceTimersByTime(100);
    await settle();
    expect(mote.started).toHaveLength(2);
    expect(live.getSnapshot()).toMatchObject({ received: 10, lost: 0 });
  });

  test('that is reset while it streams is started again', async () => {
    const { live, port, mote } = await connected();
    port.send(mote.readings(0, 10));
    mote.hello();
    await settle();
    expect(mote.started).toEqual([3, 3]);
    port.send(mote.readings(0, 10));
    await settle();
    jest.advanceTimersByTime(100);
    expect(live.getSnapshot()).toMatchObject({ received: 20, lost: 0 });
  });
});
