/**
 * Zoom and pan on a plot with wheel, mouse and fingers.
 *
 * Elements inside the plot that carry `data-plot-item` take their own drags; wheel and pinch work on them too.
 */
import { panBy, timeAt, zoomAt, type Range } from './view';

export interface GestureTarget {
  range: () => Range;
  bounds: () => Range;
  /** Shortest view in seconds: a few readings. */
  shortest: () => number;
  setRange: (range: Range) => void;
  /** What a drag with the mouse does; a finger always pans. */
  drag: () => 'zoom' | 'pan';
  /** Whether the wheel zooms by itself or only with Ctrl (so that the page still scrolls). */
  wheel: () => 'always' | 'ctrl';
  /** The stretch being marked for a zoom, as parts 0 .. 1 of the width; null when the drag ends. */
  onMark: (mark: [number, number] | null) => void;
}

const WHEEL_STEP = 0.0016;
const CLICK_PX = 4;

/** Attaches the listeners to the plotting area; returns the way to take them off. */
export function attachGestures(area: HTMLElement, target: GestureTarget): () => void {
  const fingers = new Map<number, number>();
  let pinch: { range: Range; a: number; b: number } | null = null;
  let drag: { id: number; from: number; range: Range; pan: boolean; moved: boolean } | null = null;

  const part = (clientX: number) => {
    const box = area.getBoundingClientRect();
    return box.width > 0 ? (clientX - box.left) / box.width : 0;
  };
  const inside = (value: number) => Math.min(1, Math.max(0, value));

  const onWheel = (event: WheelEvent) => {
    const sideways = Math.abs(event.deltaX) > Math.abs(event.deltaY) || event.shiftKey;
    if (!sideways && !event.ctrlKey && !event.metaKey && target.wheel() === 'ctrl') return;
    event.preventDefault();
    const range = target.range();
    if (sideways) {
      const delta = event.deltaX || event.deltaY;
      target.setRange(panBy(range, target.bounds(), (delta / area.clientWidth) * (range[1] - range[0])));
      return;
    }
    const lines = event.deltaMode === 1 ? 16 : 1;
    const strength = event.ctrlKey ? 4 : 1;
    const factor = Math.exp(event.deltaY * lines * strength * WHEEL_STEP);
    target.setRange(zoomAt(range, target.bounds(), factor, timeAt(range, inside(part(event.clientX))), target.shortest()));
  };

  const startPinch = () => {
    const [a, b] = Array.from(fingers.values());
    pinch = { range: target.range(), a, b };
    drag = null;
    target.onMark(null);
  };

  const onDown = (event: PointerEvent) => {
    if (event.pointerType === 'touch') {
      fingers.set(event.pointerId, part(event.clientX));
      if (fingers.size === 2) {
        startPinch();
        return;
      }
    }
    const onItem = (event.target as Element).closest('[data-plot-item]') !== null;
    const middle = event.button === 1;
    if (fingers.size > 1 || (event.button !== 0 && !middle) || (onItem && !middle && !event.shiftKey)) return;
    const pan = event.pointerType === 'touch' || middle || event.shiftKey || target.drag() === 'pan';
    drag = { id: event.pointerId, from: part(event.clientX), range: target.range(), pan, moved: false };
    area.setPointerCapture(event.pointerId);
  };

  const movePinch = () => {
    if (!pinch || fingers.size < 2) return;
    const [a, b] = Array.from(fingers.values());
    const was = Math.max(0.02, Math.abs(pinch.a - pinch.b));
    const now = Math.max(0.02, Math.abs(a - b));
    const zoomed = zoomAt(pinch.range, target.bounds(), was / now, timeAt(pinch.range, (pinch.a + pinch.b) / 2), target.shortest());
    const shift = ((pinch.a + pinch.b - a - b) / 2) * (zoomed[1] - zoomed[0]);
    target.setRange(panBy(zoomed, target.bounds(), shift));
  };

  const onMove = (event: PointerEvent) => {
    if (fingers.has(event.pointerId)) fingers.set(event.pointerId, part(event.clientX));
    if (pinch) {
      movePinch();
      return;
    }
    if (!drag || drag.id !== event.pointerId) return;
    const at = part(event.clientX);
    drag.moved = drag.moved || Math.abs(at - drag.from) * area.clientWidth > CLICK_PX;
    if (!drag.moved) return;
    if (drag.pan) target.setRange(panBy(drag.range, target.bounds(), (drag.from - at) * (drag.range[1] - drag.range[0])));
    else target.onMark([Math.min(inside(drag.from), inside(at)), Math.max(inside(drag.from), inside(at))]);
  };

  const onUp = (event: PointerEvent) => {
    fingers.delete(event.pointerId);
    if (fingers.size < 2) pinch = null;
    if (!drag || drag.id !== event.pointerId) return;
    const { from, range, pan, moved } = drag;
    drag = null;
    target.onMark(null);
    if (pan || !moved || event.type === 'pointercancel') return;
    const ends = [timeAt(range, inside(from)), timeAt(range, inside(part(event.clientX)))].sort((a, b) => a - b);
    const middle = (ends[0] + ends[1]) / 2;
    const length = Math.max(ends[1] - ends[0], target.shortest());
    target.setRange([middle - length / 2, middle + length / 2]);
  };

  const onDouble = (event: MouseEvent) => {
    if ((event.target as Element).closest('[data-plot-item="segment"]')) return;
    target.setRange(target.bounds());
  };

  area.addEventListener('wheel', onWheel, { passive: false });
  area.addEventListener('pointerdown', onDown);
  area.addEventListener('pointermove', onMove);
  area.addEventListener('pointerup', onUp);
  area.addEventListener('pointercancel', onUp);
  area.addEventListener('dblclick', onDouble);
  return () => {
    area.removeEventListener('wheel', onWheel);
    area.removeEventListener('pointerdown', onDown);
    area.removeEventListener('pointermove', onMove);
    area.removeEventListener('pointerup', onUp);
    area.removeEventListener('pointercancel', onUp);
    area.removeEventListener('dblclick', onDouble);
  };
}
