/**
 * The C library in the browser: `firmware/lib` compiled to WebAssembly by `python -m mote.native build --wasm`.
 *
 * The same source runs on the server and on the board, so nothing of it is written a second time here. The module imports
 * nothing. Memory is a bump heap: `mote_alloc` hands out, `mote_reset` takes all back. An instance is small and quick to
 * make (some milliseconds), so whoever needs memory for long makes an instance of its own and never resets it.
 */

export interface NativeExports {
  memory: WebAssembly.Memory;
  _initialize?(): void;
  /** Bytes from the bump heap, aligned to 16; 0 when there are none left. */
  mote_alloc(bytes: number): number;
  mote_reset(): void;
  link_frame_encode(out: number, capacity: number, type: number, seq: number, payload: number, length: number): number;
  link_decoder_size(): number;
  link_decoder_reset(decoder: number): void;
  link_decoder_push(decoder: number, bytes: number, n: number): number;
  link_decoder_ready(decoder: number): number;
  link_decoder_type(decoder: number): number;
  link_decoder_seq(decoder: number): number;
  link_decoder_length(decoder: number): number;
  link_decoder_payload(decoder: number): number;
  link_decoder_good(decoder: number): number;
  link_decoder_bad(decoder: number): number;
  link_decoder_lost(decoder: number): number;
}

const WASM_URL = `${process.env.PUBLIC_URL ?? ''}/native/mote.wasm`;

let fetched: Promise<WebAssembly.Module> | null = null;

/** The compiled module; fetched once, and again after a failure. */
export function nativeModule(): Promise<WebAssembly.Module> {
  fetched ??= fetchModule().catch((error) => {
    fetched = null;
    throw error;
  });
  return fetched;
}

async function fetchModule(): Promise<WebAssembly.Module> {
  const response = await fetch(WASM_URL);
  if (!response.ok) {
    throw new Error(`The C library for the browser is missing on the server (${WASM_URL} answers ${response.status}). "make native" builds it.`);
  }
  return WebAssembly.compile(await response.arrayBuffer());
}

/** A fresh instance with memory of its own. */
export function instantiate(module: WebAssembly.Module): NativeExports {
  const native = new WebAssembly.Instance(module, {}).exports as unknown as NativeExports;
  native._initialize?.();
  return native;
}
