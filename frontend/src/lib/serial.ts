/**
 * A serial port of the browser (WebSerial): open, read until it ends, write, close, and come back after being unplugged.
 *
 * The port itself is handed in, so a test (or a bridge to an emulator) can hand in its own: whatever has `open`, `close`,
 * `readable` and `writable`. Every failure is told in words.
 */

/** The part of the browser's SerialPort that is used here; TypeScript 5.9's DOM does not know WebSerial. */
export interface SerialPortLike {
  readonly readable: ReadableStream<Uint8Array> | null;
  readonly writable: WritableStream<Uint8Array> | null;
  open(options: { baudRate: number; bufferSize?: number }): Promise<void>;
  close(): Promise<void>;
  getInfo?(): { usbVendorId?: number; usbProductId?: number };
  setSignals?(signals: { dataTerminalReady?: boolean; requestToSend?: boolean }): Promise<void>;
  addEventListener?(kind: 'disconnect' | 'connect', listener: () => void): void;
  removeEventListener?(kind: 'disconnect' | 'connect', listener: () => void): void;
}

interface Serial {
  requestPort(options?: object): Promise<SerialPortLike>;
  getPorts(): Promise<SerialPortLike[]>;
  addEventListener?(kind: 'connect' | 'disconnect', listener: (event: Event) => void): void;
  removeEventListener?(kind: 'connect' | 'disconnect', listener: (event: Event) => void): void;
}

function serial(): Serial | undefined {
  return (navigator as Navigator & { serial?: Serial }).serial;
}

/** What the browser can do: some have no WebSerial, and those that have it want https or localhost. */
export function serialSupport(): 'yes' | 'no-webserial' | 'insecure-page' {
  if (serial()) return 'yes';
  return window.isSecureContext === false ? 'insecure-page' : 'no-webserial';
}

export const BAUD_RATES = [9600, 19200, 38400, 57600, 115200, 230400, 460800, 921600, 1000000, 2000000];

export interface Trouble {
  message: string;
  hint: string;
  /** A person closed the picker without choosing: nothing went wrong. */
  quiet?: boolean;
}

/** The browser's exception in words. Names of exceptions: WebSerial specification, "open()" and "requestPort()". */
export function explain(error: unknown): Trouble {
  const name = error instanceof Error || error instanceof DOMException ? error.name : '';
  const text = error instanceof Error || error instanceof DOMException ? error.message : String(error);
  switch (name) {
    case 'NotFoundError':
      return { message: 'No port was chosen.', hint: 'Plug the board in and choose its port in the list.', quiet: true };
    case 'SecurityError':
      return {
        message: 'The browser does not let this page use serial ports.',
        hint: 'Open Mote Studio as https:// or at http://localhost, and allow serial ports in the settings of this site.',
      };
    case 'InvalidStateError':
      return { message: 'The port is already open on this page.', hint: 'Disconnect it first.' };
    case 'NetworkError':
      if (/lost|disconnect|unplug|removed/i.test(text)) {
        return { message: 'The board was unplugged.', hint: 'Plug it in again; the page connects again by itself.' };
      }
      return {
        message: 'The port cannot be opened.',
        hint: 'Another program may hold it (a serial monitor, an IDE, mote device stream, another tab): close that one. On Linux your account must be in the group "dialout".',
      };
    case 'BufferOverrunError':
      return { message: 'Readings came faster than the page could take them.', hint: 'Some are lost. Close other heavy pages, or lower the rate.' };
    case 'BreakError':
    case 'FramingError':
    case 'ParityError':
      return { message: 'The bytes on the line are not clean.', hint: 'The baud rate is probably not the one the board uses: choose another.' };
    default:
      return { message: `The port stopped working: ${text || 'no reason given'}.`, hint: 'Unplug the board, plug it in again and connect.' };
  }
}

/** Errors after which the stream goes on with a new reader. */
const RECOVERABLE = new Set(['BufferOverrunError', 'BreakError', 'FramingError', 'ParityError']);

export interface LineEvents {
  /** Bytes, and when they came: seconds of the page's steady clock. */
  onBytes(bytes: Uint8Array, seconds: number): void;
  /** Something went wrong but reading goes on. */
  onHiccup(trouble: Trouble): void;
  /** Reading has ended by itself; not called after `close()`. */
  onEnd(trouble: Trouble): void;
}

/** One open port. `close()` may be called at any time and any number of times. */
export class SerialLine {
  private reader: ReadableStreamDefaultReader<Uint8Array> | null = null;
  private closing = false;
  private done: Promise<void> = Promise.resolve();
  private writing: Promise<void> = Promise.resolve();

  private constructor(
    readonly port: SerialPortLike,
    private readonly events: LineEvents,
    private readonly clock: () => number,
  ) {}

  static async open(port: SerialPortLike, baud: number, events: LineEvents, clock: () => number = () => performance.now() / 1000): Promise<SerialLine> {
    await port.open({ baudRate: baud, bufferSize: 65536 });
    // Boards with native USB (and Arduinos) only talk when the terminal says that it is there.
    await port.setSignals?.({ dataTerminalReady: true, requestToSend: true }).catch(() => undefined);
    const line = new SerialLine(port, events, clock);
    line.done = line.read();
    return line;
  }

  /** Writes in the order of the calls. */
  write(bytes: Uint8Array): Promise<void> {
    const attempt = this.writing.then(async () => {
      if (this.closing || !this.port.writable) return;
      const writer = this.port.writable.getWriter();
      try {
        await writer.write(bytes);
      } finally {
        writer.releaseLock();
      }
    });
    this.writing = attempt.catch(() => undefined);
    return attempt;
  }

  async close(): Promise<void> {
    if (this.closing) return;
    this.closing = true;
    await this.reader?.cancel().catch(() => undefined);
    await this.done;
    await this.writing;
    await this.port.close().catch(() => undefined);
  }

  private async read(): Promise<void> {
    let trouble: Trouble = { message: 'The board was unplugged.', hint: 'Plug it in again; the page connects again by itself.' };
    while (!this.closing && this.port.readable) {
      try {
        await this.readUntilEnd(this.port.readable);
        break;
      } catch (error) {
        trouble = explain(error);
        if (!RECOVERABLE.has((error as Error).name)) break;
        this.events.onHiccup(trouble);
      }
    }
    if (this.closing) return;
    this.closing = true;
    await this.port.close().catch(() => undefined);
    this.events.onEnd(trouble);
  }

  private async readUntilEnd(readable: ReadableStream<Uint8Array>): Promise<void> {
    const reader = readable.getReader();
    this.reader = reader;
    try {
      for (;;) {
        const { value, done } = await reader.read();
        if (done) return;
        if (value && value.length > 0) this.events.onBytes(value, this.clock());
      }
    } finally {
      this.reader = null;
      reader.releaseLock();
    }
  }
}

/** Lets a person choose a port. Must be called from a click. */
export async function choosePort(): Promise<SerialPortLike> {
  const api = serial();
  if (!api) throw new DOMException('This browser has no WebSerial.', 'SecurityError');
  return api.requestPort();
}

/**
 * Waits until a port like this one is there again (same object, or same USB vendor and product) and hands it over.
 * Returns the way to stop waiting.
 */
export function whenPluggedIn(port: SerialPortLike, found: (port: SerialPortLike) => void): () => void {
  const api = serial();
  if (!api?.addEventListener) return () => undefined;
  let waiting = true;
  const look = async () => {
    const ports = await api.getPorts().catch(() => []);
    const match = ports.find((candidate) => candidate === port) ?? ports.find((candidate) => sameUsb(candidate, port));
    if (!waiting || !match) return;
    stop();
    found(match);
  };
  const onConnect = () => void look();
  const stop = () => {
    waiting = false;
    api.removeEventListener?.('connect', onConnect);
  };
  api.addEventListener('connect', onConnect);
  return stop;
}

function sameUsb(a: SerialPortLike, b: SerialPortLike): boolean {
  const [one, other] = [a.getInfo?.(), b.getInfo?.()];
  return one?.usbVendorId !== undefined && one.usbVendorId === other?.usbVendorId && one.usbProductId === other?.usbProductId;
}
