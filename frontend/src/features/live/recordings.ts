/** The list of what was just recorded: being saved, saved, failed, taken back. */
import type { Id } from 'lib/types';
import type { Piece } from './recorder';

export interface Recording {
  key: number;
  name: string;
  piece: Piece;
  state: 'saving' | 'saved' | 'failed' | 'undone';
  sampleId: Id | null;
  error: string;
}

export type RecordingAction =
  | { kind: 'add'; key: number; name: string; piece: Piece }
  | { kind: 'saving'; key: number }
  | { kind: 'saved'; key: number; sampleId: Id }
  | { kind: 'failed'; key: number; error: string }
  | { kind: 'undone'; key: number }
  | { kind: 'restored'; key: number }
  | { kind: 'forget'; key: number };

/** As many stay in the list; those that are not saved stay in any case, for they exist nowhere else. */
const LIST_LENGTH = 50;

export function recordingsReducer(list: readonly Recording[], action: RecordingAction): Recording[] {
  if (action.kind === 'add') {
    const added: Recording = { key: action.key, name: action.name, piece: action.piece, state: 'saving', sampleId: null, error: '' };
    return [added, ...list].filter((entry, at) => at < LIST_LENGTH || entry.state === 'failed' || entry.state === 'saving');
  }
  if (action.kind === 'forget') return list.filter((entry) => entry.key !== action.key);
  return list.map((entry) => (entry.key === action.key ? { ...entry, ...change(action) } : entry));
}

function change(action: Exclude<RecordingAction, { kind: 'add' | 'forget' }>): Partial<Recording> {
  switch (action.kind) {
    case 'saving':
      return { state: 'saving', error: '' };
    case 'saved':
      return { state: 'saved', sampleId: action.sampleId, error: '' };
    case 'failed':
      return { state: 'failed', error: action.error };
    case 'undone':
      return { state: 'undone' };
    case 'restored':
      return { state: 'saved' };
  }
}

/** `wave.2026-11-21T08-30-15.3`: label, local time of the start, and the number of the piece when there are several a second. */
export function recordingName(label: string, startedAt: Date, taken: ReadonlySet<string>): string {
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${startedAt.getFullYear()}-${two(startedAt.getMonth() + 1)}-${two(startedAt.getDate())}`;
  const time = `${two(startedAt.getHours())}-${two(startedAt.getMinutes())}-${two(startedAt.getSeconds())}`;
  const base = `${label || 'recording'}.${day}T${time}`;
  let name = base;
  for (let n = 2; taken.has(name); n += 1) name = `${base}.${n}`;
  return name;
}

/** Little-endian float32 as base64, which is how the server takes long recordings. */
export function base64Floats(values: Float32Array): string {
  const bytes = new Uint8Array(values.length * 4);
  const view = new DataView(bytes.buffer);
  values.forEach((value, at) => view.setFloat32(at * 4, value, true));
  const pieces: string[] = [];
  for (let at = 0; at < bytes.length; at += 0x8000) pieces.push(String.fromCharCode(...Array.from(bytes.subarray(at, at + 0x8000))));
  return btoa(pieces.join(''));
}
