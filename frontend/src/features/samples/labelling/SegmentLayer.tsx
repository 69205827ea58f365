import { useRef, type PointerEvent, type ReactNode } from 'react';
import { partOf, type Range } from 'components/signal';
import { labelColor } from 'lib/colors';
import { begin, drag, hit, type Draft, type Field } from './pointing';
import classes from './SegmentLayer.module.css';
import type { Labelled } from './segments';

const REACH_PX = { mouse: 6, touch: 16 };
const CLICK_PX = 4;

export interface Surface {
  segments: readonly Labelled[];
  selected: string | null;
  range: Range;
  duration: number;
  dt: number;
  draft: Draft | null;
  onDraft: (draft: Draft | null) => void;
  /** A finished drag. */
  onDone: (draft: Draft) => void;
  onSelect: (key: string | null) => void;
}

/** Turns the pointer into drafts: the same on the plot and on the track below it. */
export function usePointing(surface: Surface) {
  const down = useRef<{ id: number; x: number; draft: Draft } | null>(null);
  const place = (event: PointerEvent<HTMLElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    const field: Field = { ...surface, width: Math.max(1, box.width) };
    const x = Math.min(Math.max(event.clientX - box.left, 0), field.width);
    return { x, field, reach: REACH_PX[event.pointerType === 'touch' ? 'touch' : 'mouse'] };
  };
  const cancel = () => {
    down.current = null;
    surface.onDraft(null);
  };
  return {
    onPointerDown: (event: PointerEvent<HTMLElement>) => {
      if (down.current) {
        cancel(); // a second finger: this is a pinch, not a drawing
        return;
      }
      if (event.button !== 0 || event.shiftKey) return;
      const { x, field, reach } = place(event);
      const draft = begin(field, x, reach);
      down.current = { id: event.pointerId, x, draft };
      event.currentTarget.setPointerCapture(event.pointerId);
    },
    onPointerMove: (event: PointerEvent<HTMLElement>) => {
      const { x, field, reach } = place(event);
      if (!down.current) {
        const found = hit(field.segments, field.selected, field.range, field.width, x, reach);
        event.currentTarget.style.cursor = found ? (found.part === 'body' ? 'grab' : 'ew-resize') : 'crosshair';
        return;
      }
      if (down.current.id !== event.pointerId) return;
      if (!down.current.draft.moved && Math.abs(x - down.current.x) < CLICK_PX) return;
      down.current.draft = drag(field, down.current.draft, x);
      surface.onDraft(down.current.draft);
    },
    onPointerUp: (event: PointerEvent<HTMLElement>) => {
      if (!down.current || down.current.id !== event.pointerId) return;
      const { draft } = down.current;
      cancel();
      if (draft.moved) surface.onDone(draft);
      else surface.onSelect(draft.key);
    },
    onPointerCancel: cancel,
  };
}

/** The segments as they look now: with the one that is being drawn or changed. */
export function withDraft(segments: readonly Labelled[], draft: Draft | null, label: string): readonly Labelled[] {
  if (!draft) return segments;
  const [start_s, end_s] = draft.start_s <= draft.end_s ? [draft.start_s, draft.end_s] : [draft.end_s, draft.start_s];
  if (draft.key === null) return [...segments, { key: 'draft', start_s, end_s, label }];
  return segments.map((segment) => (segment.key === draft.key ? { ...segment, start_s, end_s } : segment));
}

const percent = (value: number) => `${value * 100}%`;

export function placeOf(range: Range, segment: { start_s: number; end_s: number }) {
  const left = partOf(range, segment.start_s);
  return { left: percent(left), width: percent(partOf(range, segment.end_s) - left) };
}

/** Only what is in view, so that a long segment keeps its text on the screen. */
function visible([start, end]: Range, segment: Labelled): Labelled {
  return { ...segment, start_s: Math.max(segment.start_s, start), end_s: Math.min(segment.end_s, end) };
}

interface LayerProps {
  surface: Surface;
  /** Draws and changes segments; otherwise the plot's own zoom and pan work. */
  active: boolean;
  label: string;
  colors: Map<string, string>;
  children?: ReactNode;
}

/** The segments as coloured bands over the signal. */
export function SegmentLayer({ surface, active, label, colors, children }: LayerProps) {
  const pointing = usePointing(surface);
  return (
    <div className={classes.layer} data-plot-item={active ? 'segments' : undefined} data-active={active || undefined} {...(active ? pointing : {})}>
      {withDraft(surface.segments, surface.draft, label).map((segment) => (
        <div
          key={segment.key}
          className={classes.band}
          data-selected={segment.key === surface.selected || segment.key === 'draft' || undefined}
          style={{ ...placeOf(surface.range, segment), '--band': labelColor(segment.label, colors) } as React.CSSProperties}
        />
      ))}
      {children}
    </div>
  );
}

/** The segments as a track below the signal, with their labels. */
export function SegmentTrack({ surface, active, label, colors }: LayerProps) {
  const pointing = usePointing(surface);
  const [start, end] = surface.range;
  const all = withDraft(surface.segments, surface.draft, label);
  const shown = all.filter((segment) => segment.end_s > start && segment.start_s < end).map((segment) => visible(surface.range, segment));
  return (
    <div className={classes.track} data-active={active || undefined} {...(active ? pointing : {})}>
      {shown.map((segment) => (
        <div
          key={segment.key}
          className={classes.block}
          data-selected={segment.key === surface.selected || undefined}
          title={segment.label}
          style={{ ...placeOf(surface.range, segment), '--band': labelColor(segment.label, colors) } as React.CSSProperties}
        >
          {segment.label}
        </div>
      ))}
      {all.length === 0 && <span className={classes.hint}>{active ? 'Drag over the signal to label a part of it' : 'No labels'}</span>}
    </div>
  );
}
