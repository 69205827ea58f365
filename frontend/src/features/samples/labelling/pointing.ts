/** What lies under the pointer, and where an edge snaps to: pure arithmetic in seconds and pixels. */
import { partOf, span, timeAt, type Range } from 'components/signal';
import type { Labelled } from './segments';

export type Part = 'start' | 'end' | 'body';

export interface Hit {
  key: string;
  part: Part;
}

/**
 * The segment under `x`. Edges are caught within `reach` pixels, those of the chosen segment first, then the nearest; among
 * bodies the shortest wins, so that a segment inside of another can be caught.
 */
export function hit(segments: readonly Labelled[], selected: string | null, range: Range, width: number, x: number, reach: number): Hit | null {
  const at = (time: number) => partOf(range, time) * width;
  let best: (Hit & { distance: number }) | null = null;
  for (const segment of segments) {
    const [left, right] = [at(segment.start_s), at(segment.end_s)];
    // A narrow segment keeps a third of its width for being moved.
    const limit = Math.min(reach, Math.max(2, (right - left) / 3));
    for (const [part, edge] of [['start', left], ['end', right]] as const) {
      const inside = part === 'start' ? x - edge : edge - x;
      if (inside > limit || inside < -reach) continue;
      const distance = Math.abs(x - edge) - (segment.key === selected ? 1000 : 0);
      if (!best || distance < best.distance) best = { key: segment.key, part, distance };
    }
  }
  if (best) return { key: best.key, part: best.part };
  const under = segments.filter((segment) => at(segment.start_s) <= x && x <= at(segment.end_s));
  const shortest = under.sort((a, b) => a.end_s - a.start_s - (b.end_s - b.start_s))[0];
  return shortest ? { key: shortest.key, part: 'body' } : null;
}

/** The readings' grid, and the edges of other segments and of the recording within `tolerance` seconds. */
export function snap(time: number, edges: readonly number[], tolerance: number, dt: number): number {
  let nearest: number | null = null;
  for (const edge of edges) {
    if (Math.abs(edge - time) <= tolerance && (nearest === null || Math.abs(edge - time) < Math.abs(nearest - time))) nearest = edge;
  }
  if (nearest !== null) return nearest;
  return dt > 0 ? Math.round(time / dt) * dt : time;
}

/** Where edges snap to while the segment `but` is being changed. */
export function edgesOf(segments: readonly Labelled[], duration: number, but: string | null): number[] {
  const others = segments.filter((segment) => segment.key !== but);
  return [0, duration, ...others.flatMap((segment) => [segment.start_s, segment.end_s])];
}

/** A segment that is being drawn, moved or resized; nothing is final until the pointer is lifted. */
export interface Draft {
  /** null: a new one. */
  key: string | null;
  part: Part | 'new';
  start_s: number;
  end_s: number;
  /** Where in the segment it was grabbed, in seconds from its start. */
  grab: number;
  moved: boolean;
}

export interface Field {
  segments: readonly Labelled[];
  selected: string | null;
  range: Range;
  /** Pixels. */
  width: number;
  duration: number;
  dt: number;
}

/** The pointer goes down at `x`. */
export function begin(field: Field, x: number, reach: number): Draft {
  const time = timeAt(field.range, x / field.width);
  const found = hit(field.segments, field.selected, field.range, field.width, x, reach);
  const segment = found && field.segments.find(({ key }) => key === found.key);
  if (!found || !segment) {
    const from = snap(time, edgesOf(field.segments, field.duration, null), tolerance(field), field.dt);
    return { key: null, part: 'new', start_s: from, end_s: from, grab: 0, moved: false };
  }
  return { key: found.key, part: found.part, start_s: segment.start_s, end_s: segment.end_s, grab: time - segment.start_s, moved: false };
}

const SNAP_PX = 6;
const tolerance = (field: Field) => (SNAP_PX / field.width) * span(field.range);

/** The pointer moved to `x`. For a new segment `start_s` stays where it began; `end_s` may come before it. */
export function drag(field: Field, draft: Draft, x: number): Draft {
  const time = Math.min(Math.max(timeAt(field.range, x / field.width), 0), field.duration);
  const edges = edgesOf(field.segments, field.duration, draft.key);
  const snapped = (value: number) => snap(value, edges, tolerance(field), field.dt);
  if (draft.part === 'start') return { ...draft, start_s: Math.min(snapped(time), draft.end_s - field.dt), moved: true };
  if (draft.part === 'end') return { ...draft, end_s: Math.max(snapped(time), draft.start_s + field.dt), moved: true };
  if (draft.part === 'new') return { ...draft, end_s: snapped(time), moved: true };
  const length = draft.end_s - draft.start_s;
  const free = Math.min(Math.max(time - draft.grab, 0), field.duration - length);
  const byStart = snapped(free);
  const byEnd = snapped(free + length) - length;
  const start = Math.abs(byStart - free) <= Math.abs(byEnd - free) ? byStart : byEnd;
  const kept = Math.min(Math.max(start, 0), field.duration - length);
  return { ...draft, start_s: kept, end_s: kept + length, moved: true };
}
