/**
 * The segments of one recording while a person works on them: pure, with undo and redo.
 *
 * A segment is [start_s, end_s) in seconds. Segments may overlap; nothing here moves one because of another.
 */
import type { Segment } from 'lib/types';

export interface Labelled extends Segment {
  /** Only in this page; survives moving and resizing. */
  key: string;
}

export interface Labelling {
  segments: readonly Labelled[];
  /** Key of the chosen segment. */
  selected: string | null;
  past: readonly (readonly Labelled[])[];
  future: readonly (readonly Labelled[])[];
  /** For new keys. */
  counter: number;
  /** Seconds; segments end here at the latest. */
  duration: number;
  /** The shortest segment, in seconds: one reading. */
  shortest: number;
}

export type LabellingAction =
  | { type: 'load'; segments: readonly Segment[]; duration: number; shortest: number }
  | { type: 'add'; start_s: number; end_s: number; label: string }
  | { type: 'change'; key: string; start_s: number; end_s: number }
  | { type: 'relabel'; key: string; label: string }
  | { type: 'remove'; key: string }
  /** The whole recording gets one label, or none. */
  | { type: 'whole'; label: string | null }
  | { type: 'select'; key: string | null }
  | { type: 'step'; by: 1 | -1 }
  | { type: 'undo' }
  | { type: 'redo' };

const MOST_UNDO = 200;

export const EMPTY: Labelling = { segments: [], selected: null, past: [], future: [], counter: 0, duration: 0, shortest: 0 };

export const selectedOf = (state: Labelling) => state.segments.find((segment) => segment.key === state.selected) ?? null;

/** The label of a recording that is one segment from its beginning to its end; null for any other. */
export function wholeLabel({ segments, duration, shortest }: Labelling): string | null {
  const [only, ...others] = segments;
  if (!only || others.length > 0) return null;
  return only.start_s < shortest && only.end_s > duration - shortest ? only.label : null;
}

/** What is sent to the server, in the order of time. */
export function plain(segments: readonly Labelled[]): Segment[] {
  return segments.map(({ start_s, end_s, label }) => ({ start_s, end_s, label }));
}

export function sameSegments(a: readonly Segment[], b: readonly Segment[]): boolean {
  const near = (x: number, y: number) => Math.abs(x - y) < 1e-6;
  return a.length === b.length && a.every((segment, i) => segment.label === b[i].label && near(segment.start_s, b[i].start_s) && near(segment.end_s, b[i].end_s));
}

const inOrder = (segments: readonly Labelled[]) => [...segments].sort((a, b) => a.start_s - b.start_s || a.end_s - b.end_s);

/** Inside of the recording and at least one reading long; a segment pushed over an end keeps its length. */
export function within(start: number, end: number, duration: number, shortest: number): [number, number] {
  const [low, high] = start <= end ? [start, end] : [end, start];
  const length = Math.min(Math.max(high - low, shortest), duration);
  const from = Math.min(Math.max(low, 0), duration - length);
  return [from, from + length];
}

function edit(state: Labelling, segments: readonly Labelled[], more: Partial<Labelling> = {}): Labelling {
  return { ...state, ...more, segments: inOrder(segments), past: [...state.past.slice(-MOST_UNDO + 1), state.segments], future: [] };
}

/** After an undo the chosen segment may be gone. */
function restore(state: Labelling, segments: readonly Labelled[], past: Labelling['past'], future: Labelling['future']): Labelling {
  const selected = segments.some((segment) => segment.key === state.selected) ? state.selected : null;
  return { ...state, segments, past, future, selected };
}

export function labelling(state: Labelling, action: LabellingAction): Labelling {
  const { segments, duration, shortest } = state;
  switch (action.type) {
    case 'load': {
      const counter = state.counter + action.segments.length;
      const keyed = action.segments.map((segment, i) => ({ ...segment, key: `s${state.counter + i}` }));
      return { ...EMPTY, segments: inOrder(keyed), counter, duration: action.duration, shortest: action.shortest };
    }
    case 'add': {
      const [start_s, end_s] = within(action.start_s, action.end_s, duration, shortest);
      const key = `s${state.counter}`;
      return edit(state, [...segments, { key, start_s, end_s, label: action.label }], { counter: state.counter + 1, selected: key });
    }
    case 'change': {
      const [start_s, end_s] = within(action.start_s, action.end_s, duration, shortest);
      const before = segments.find((segment) => segment.key === action.key);
      if (!before || (before.start_s === start_s && before.end_s === end_s)) return state;
      return edit(state, segments.map((segment) => (segment === before ? { ...segment, start_s, end_s } : segment)), { selected: action.key });
    }
    case 'relabel': {
      const before = segments.find((segment) => segment.key === action.key);
      if (!before || before.label === action.label) return state;
      return edit(state, segments.map((segment) => (segment === before ? { ...segment, label: action.label } : segment)));
    }
    case 'remove': {
      const index = segments.findIndex((segment) => segment.key === action.key);
      if (index < 0) return state;
      const rest = segments.filter((_, i) => i !== index);
      return edit(state, rest, { selected: null });
    }
    case 'whole': {
      const key = `s${state.counter}`;
      const whole = action.label === null ? [] : [{ key, start_s: 0, end_s: duration, label: action.label }];
      if (sameSegments(segments, whole)) return state;
      return edit(state, whole, { counter: state.counter + 1, selected: null });
    }
    case 'select':
      return { ...state, selected: action.key };
    case 'step': {
      if (segments.length === 0) return state;
      const index = segments.findIndex((segment) => segment.key === state.selected);
      const from = index < 0 ? (action.by > 0 ? -1 : segments.length) : index;
      return { ...state, selected: segments[(from + action.by + segments.length) % segments.length].key };
    }
    case 'undo': {
      if (state.past.length === 0) return state;
      return restore(state, state.past[state.past.length - 1], state.past.slice(0, -1), [segments, ...state.future]);
    }
    case 'redo': {
      if (state.future.length === 0) return state;
      return restore(state, state.future[0], [...state.past, segments], state.future.slice(1));
    }
  }
}
