import { explain, SerialLine, serialSupport, whenPluggedIn, type SerialPortLike } from './serial';

/** A port in memory with the streams that WebSerial has. jsdom has no streams, so these are the few parts that are used. */
class FakePort implements SerialPortLike {
  opened: number | null = null;
  written: number[] = [];
  closed = 0;
  failOpen: Error | null = null;
  private waiting: ((result: { value?: Uint8Array; done: boolean }) => void) | null = null;
  private refuse: ((error: Error) => void) | null = null;
  private queue: (Uint8Array | Error | 'end')[] = [];

  get readable() {
    return this.opened === null ? null : ({ getReader: () => this.reader() } as unknown as ReadableStream<Uint8Array>);
  }

  get writable() {
    const writer = { write: async (bytes: Uint8Array) => void this.written.push(...Array.from(bytes)), releaseLock: () => undefined };
    return this.opened === null ? null : ({ getWriter: () => writer } as unknown as WritableStream<Uint8Array>);
  }

  async open({ baudRate }: { baudRate: number }) {
    if (this.failOpen) throw this.failOpen;
    this.opened = baudRate;
  }

  async close() {
    this.opened = null;
    this.closed += 1;
  }

  send(item: Uint8Array | Error | 'end') {
    this.queue.push(item);
    this.pump();
  }

  private reader() {
    return {
      read: () =>
        new Promise((resolve, reject) => {
          this.waiting = resolve;
          this.refuse = reject;
          this.pump();
        }),
      cancel: async () => this.waiting?.({ done: true }),
      releaseLock: () => undefined,
    };
  }

  private pump() {
    if (!this.waiting || this.queue.length === 0) return;
    const [resolve, reject, item] = [this.waiting, this.refuse, this.queue.shift()];
    this.waiting = null;
    if (item instanceof Error) reject?.(item);
    else resolve(item === 'end' ? { done: true } : { value: item as Uint8Array, done: false });
  }
}

const named = (name: string, message = '') => Object.assign(new Error(message), { name });
const settle = () => new Promise((resolve) => setTimeout(resolve, 5));

function listener() {
  return { onBytes: jest.fn(), onHiccup: jest.fn(), onEnd: jest.fn() };
}

test('bytes come with their time until the line is closed', async () => {
  const [port, events] = [new FakePort(), listener()];
  const line = await SerialLine.open(port, 115_200, events, () => 12.5);
  expect(port.opened).toBe(115_200);
  port.send(new Uint8Array([1, 2]));
  await settle();
  expect(events.onBytes).toHaveBeenCalledWith(new Uint8Array([1, 2]), 12.5);
  await line.close();
  await line.close();
  expect(port.closed).toBe(1);
  expect(events.onEnd).not.toHaveBeenCalled();
});

test('writes arrive in the order of the calls', async () => {
  const port = new FakePort();
  const line = await SerialLine.open(port, 9600, listener());
  await Promise.all([line.write(new Uint8Array([1])), line.write(new Uint8Array([2])), line.write(new Uint8Array([3]))]);
  expect(port.written).toEqual([1, 2, 3]);
  await line.close();
});

test('an overrun is told and reading goes on', async () => {
  const [port, events] = [new FakePort(), listener()];
  const line = await SerialLine.open(port, 9600, events);
  port.send(named('BufferOverrunError'));
  port.send(new Uint8Array([7]));
  await settle();
  expect(events.onHiccup).toHaveBeenCalledTimes(1);
  expect(events.onBytes).toHaveBeenCalledTimes(1);
  await line.close();
});

test.each([
  ['a lost device', named('NetworkError', 'The device has been lost.')],
  ['the end of the stream', 'end' as const],
])('%s ends the line in words', async (_what, how) => {
  const [port, events] = [new FakePort(), listener()];
  await SerialLine.open(port, 9600, events);
  port.send(how);
  await settle();
  expect(events.onEnd).toHaveBeenCalledTimes(1);
  expect(events.onEnd.mock.calls[0][0].message).toBe('The board was unplugged.');
});

test('a port that cannot be opened throws what explain puts in words', async () => {
  const port = new FakePort();
  port.failOpen = named('NetworkError', 'Failed to open serial port.');
  await expect(SerialLine.open(port, 9600, listener())).rejects.toThrow();
  expect(explain(port.failOpen).hint).toContain('dialout');
});

test('closing the picker is not an error to shout about', () => {
  expect(explain(named('NotFoundError')).quiet).toBe(true);
  expect(explain(named('SecurityError')).quiet).toBeUndefined();
  expect(explain('strange').message).toContain('strange');
});

describe('with WebSerial', () => {
  const listeners = new Map<string, () => void>();
  let ports: SerialPortLike[] = [];
  const serial = {
    getPorts: async () => ports,
    requestPort: jest.fn(),
    addEventListener: (kind: string, handler: () => void) => listeners.set(kind, handler),
    removeEventListener: (kind: string) => listeners.delete(kind),
  };
  beforeEach(() => Object.assign(navigator, { serial }));
  afterEach(() => {
    delete (navigator as { serial?: unknown }).serial;
    listeners.clear();
  });

  const usb = (usbVendorId: number, usbProductId: number) => Object.assign(new FakePort(), { getInfo: () => ({ usbVendorId, usbProductId }) });

  test('the page says so', () => expect(serialSupport()).toBe('yes'));

  test('a board that is plugged in again is found by its USB ids', async () => {
    const found = jest.fn();
    whenPluggedIn(usb(0x2341, 0x8036), found);
    ports = [usb(1, 2)];
    listeners.get('connect')?.();
    await settle();
    expect(found).not.toHaveBeenCalled();
    ports = [usb(1, 2), usb(0x2341, 0x8036)];
    listeners.get('connect')?.();
    await settle();
    expect(found).toHaveBeenCalledWith(ports[1]);
    expect(listeners.size).toBe(0);
  });

  test('waiting can be given up', async () => {
    const found = jest.fn();
    const board = usb(1, 1);
    whenPluggedIn(board, found)();
    ports = [board];
    listeners.get('connect')?.();
    await settle();
    expect(found).not.toHaveBeenCalled();
  });
});

test('without WebSerial the page knows why', () => {
  expect(serialSupport()).toBe('no-webserial');
});
