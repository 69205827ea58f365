/** With the real C library: `make native` must have built frontend/public/native/mote.wasm. */
import { readFileSync } from 'fs';
import { join } from 'path';
import { LINK, LinkCodec, LinkStream, parseHello, WANT_READINGS } from './link';

const module = new WebAssembly.Module(readFileSync(join(__dirname, '../../public/native/mote.wasm')));

const HELLO = {
  mote: 1,
  firmware: '0.1.0',
  kind: 'pipeline',
  board: 'mps2_an386',
  source: { name: 'synthetic', synthetic: true, help: 'A sum of sines.' },
  rate_hz: 100,
  max_rate_hz: 1000,
  axes: [{ name: 'x', unit: 'm/s2' }, { name: 'y', unit: 'm/s2' }],
  can: ['readings', 'classification'],
  labels: ['idle', 'wave'],
  window: { readings: 100, stride: 50 },
  output: { length: 2, scale: 1 / 256, zero_point: -128 },
  model: '0123456789abcdef',
};

/** The board's side, on the same C code. */
class Board {
  private readonly codec = new LinkCodec(module);

  hello(facts: object = HELLO): Uint8Array {
    const text = new TextEncoder().encode(JSON.stringify(facts));
    const frames: Uint8Array[] = [];
    for (let offset = 0; offset < text.length; offset += 200) {
      const piece = text.subarray(offset, offset + 200);
      const payload = new Uint8Array(4 + piece.length);
      new DataView(payload.buffer).setUint16(0, text.length, true);
      new DataView(payload.buffer).setUint16(2, offset, true);
      payload.set(piece, 4);
      frames.push(this.codec.encode(LINK.HELLO, payload));
    }
    return join8(frames);
  }

  ack(type: number): Uint8Array {
    return this.codec.encode(LINK.ACK, new Uint8Array([type, 0]));
  }

  readings(index: number, rows: number[][]): Uint8Array {
    const payload = new Uint8Array(5 + rows.flat().length * 4);
    const view = new DataView(payload.buffer);
    view.setUint32(0, index, true);
    view.setUint8(4, rows[0].length);
    rows.flat().forEach((value, at) => view.setFloat32(5 + 4 * at, value, true));
    return this.codec.encode(LINK.READINGS, payload);
  }

  classification(index: number, winner: number, scores: number[], status = 0): Uint8Array {
    const payload = new Uint8Array(15 + scores.length);
    const view = new DataView(payload.buffer);
    view.setUint32(0, index, true);
    view.setUint8(4, status);
    view.setUint16(5, winner, true);
    scores.forEach((score, at) => view.setInt8(15 + at, score));
    return this.codec.encode(LINK.CLASSIFICATION, payload);
  }
}

function join8(parts: Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** Numbers that look random and are the same every time (Park and Miller 1988). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48271) % 2147483647;
    return state;
  };
}

describe('frames', () => {
  // Made by an encoder of another author: Python's binascii.crc_hqx and byte stuffing written from the paper.
  const PING_FRAME = [2, 8, 2, 1, 1, 1, 3, 230, 117, 0];
  const READINGS_FRAME = [4, 130, 7, 42, 1, 1, 2, 2, 1, 3, 192, 63, 1, 1, 2, 192, 1, 1, 1, 1, 1, 5, 122, 68, 202, 95, 0];

  test('are written as the document says', () => {
    const ping = new LinkCodec(module).encode(LINK.PING, new Uint8Array([1, 0, 0, 0]));
    expect(Array.from(ping)).toEqual(PING_FRAME);
  });

  test('are read as the document says, whatever came before and however they are cut', () => {
    for (const cut of [1, 3, 10]) {
      const codec = new LinkCodec(module);
      const bytes = join8([new Uint8Array([9, 9, 9, 0]), new Uint8Array(READINGS_FRAME)]);
      const frames = [...codec.decode(bytes.subarray(0, cut)), ...codec.decode(bytes.subarray(cut))];
      expect(frames).toHaveLength(1);
      expect([frames[0].type, frames[0].seq, frames[0].payload.length]).toEqual([LINK.READINGS, 7, 21]);
      expect(codec.bad).toBe(1);
    }
  });

  test('many in one chunk are all read', () => {
    const [host, board] = [new LinkCodec(module), new LinkCodec(module)];
    const bytes = join8(Array.from({ length: 300 }, (_, i) => board.encode(LINK.PONG, new Uint8Array(200).fill(i & 255))));
    expect(bytes.length).toBeGreaterThan(32_768);
    expect(host.decode(bytes).map((frame) => frame.payload[0])).toEqual(Array.from({ length: 300 }, (_, i) => i & 255));
  });

  test('too long to send are refused', () => {
    expect(() => new LinkCodec(module).encode(LINK.PING, new Uint8Array(1025))).toThrow('1024');
  });

  test('any bytes do no harm, and the next frame is read', () => {
    const [host, board] = [new LinkCodec(module), new LinkCodec(module)];
    const next = random(7);
    host.decode(Uint8Array.from({ length: 50_000 }, () => next() & 255));
    expect(host.decode(join8([new Uint8Array(1), board.encode(LINK.PING)]))).toHaveLength(1);
  });
});

describe('a board', () => {
  function connected() {
    const board = new Board();
    const stream = new LinkStream(module);
    stream.feed(board.hello());
    stream.feed(board.ack(LINK.START));
    return { board, stream };
  }

  test('says what it is, in several frames', () => {
    const { stream } = connected();
    expect(stream.hello?.board).toBe('mps2_an386');
    expect(stream.hello?.source?.synthetic).toBe(true);
    expect(stream.hello?.axes).toEqual(HELLO.axes);
  });

  test('is asked after a 0x00 that ends whatever was half sent', () => {
    const request = new LinkStream(module).helloRequest();
    expect(request[0]).toBe(0);
    expect(new LinkCodec(module).decode(request)[0].type).toBe(LINK.HELLO_REQUEST);
  });

  test('is told to start at its own rate', () => {
    const frame = new LinkCodec(module).decode(new LinkStream(module).start(WANT_READINGS))[0];
    expect([frame.type, ...Array.from(frame.payload)]).toEqual([LINK.START, 1, 0, 0, 0, 0]);
  });

  test('gives readings in order', () => {
    const { board, stream } = connected();
    const { readings } = stream.feed(join8([board.readings(0, [[1, 2], [3, 4]]), board.readings(2, [[5, 6]])]));
    expect(readings).toEqual([
      { index: 0, values: [1, 2] },
      { index: 1, values: [3, 4] },
      { index: 2, values: [5, 6] },
    ]);
    expect(stream.lost).toBe(0);
  });

  test('loses readings when a frame is damaged, and they are counted', () => {
    const { board, stream } = connected();
    const damaged = board.readings(1, [[1, 1], [2, 2]]);
    damaged[4] ^= 0x40;
    stream.feed(board.readings(0, [[0, 0]]));
    stream.feed(damaged);
    const { readings } = stream.feed(board.readings(3, [[3, 3]]));
    expect(readings[0].index).toBe(3);
    expect([stream.lost, stream.damaged]).toEqual([2, 1]);
  });

  test('counts the readings lost right after its start', () => {
    const { board, stream } = connected();
    stream.feed(board.readings(4, [[0, 0]]));
    expect(stream.lost).toBe(4);
  });

  test('that was already streaming, or starts again, has lost nothing; our index goes on', () => {
    const board = new Board();
    const stream = new LinkStream(module);
    stream.feed(board.hello());
    expect(stream.feed(board.readings(5000, [[0, 0]])).readings[0].index).toBe(0);
    stream.feed(board.readings(5001, [[0, 0]]));
    stream.feed(board.ack(LINK.START));
    expect(stream.feed(board.readings(0, [[0, 0]])).readings[0].index).toBe(2);
    expect(stream.feed(board.readings(0, [[0, 0]])).readings[0].index).toBe(3);
    expect(stream.lost).toBe(0);
  });

  test('gives scores in the units of its HELLO, at the place of the window', () => {
    const { board, stream } = connected();
    stream.feed(board.readings(0, [[0, 0]]));
    const { classifications } = stream.feed(board.classification(99, 1, [-128, 127]));
    expect(classifications).toEqual([{ index: 99, status: 0, winner: 1, scores: [0, 255 / 256] }]);
  });

  test('that could not classify a window names no winner', () => {
    const { board, stream } = connected();
    expect(stream.feed(board.classification(99, 0xffff, [0, 0], 5)).classifications[0].winner).toBeNull();
  });

  test('that refuses something is quoted', () => {
    const { stream } = connected();
    const frame = new LinkCodec(module).encode(LINK.ERROR, new Uint8Array([3, 2, ...Array.from(new TextEncoder().encode('rate too high'))]));
    expect(stream.feed(frame).errors).toEqual(['rate too high']);
  });

  test('with readings of the wrong width is not believed', () => {
    const { board, stream } = connected();
    expect(stream.feed(board.readings(0, [[1, 2, 3]])).readings).toEqual([]);
  });

  test('with any payload at all does no harm', () => {
    const { stream } = connected();
    const codec = new LinkCodec(module);
    const next = random(3);
    for (let round = 0; round < 2000; round += 1) {
      const payload = Uint8Array.from({ length: next() % 40 }, () => next() & 255);
      expect(() => stream.feed(codec.encode(0x80 + (next() % 12), payload))).not.toThrow();
    }
  });
});

describe('a HELLO', () => {
  test.each(['', 'null', '[]', '{}', '{"mote":"1"}', '{"mote":1e999}'])('of %j is none', (json) => expect(parseHello(json)).toBeNull());

  test('with wrong fields keeps the right ones', () => {
    const hello = parseHello('{"mote":1,"axes":[{"name":5},null,{"name":"z","unit":"g"}],"rate_hz":-3,"labels":[1,"a"],"window":{"readings":"x"}}');
    expect(hello?.axes.map((axis) => axis.name)).toEqual(['axis', 'axis', 'z']);
    expect([hello?.rate_hz, hello?.window, hello?.labels]).toEqual([0, null, ['', 'a']]);
  });
});
