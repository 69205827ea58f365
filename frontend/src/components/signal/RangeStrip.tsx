import { useRef } from 'react';
import classes from './RangeStrip.module.css';
import { panBy, partOf, sameRange, span, type Range } from './view';

interface Props {
  bounds: Range;
  range: Range;
  onRange: (range: Range) => void;
}

/** Where the view lies in the whole recording; drag it to move on. Hidden while everything is in view. */
export function RangeStrip({ bounds, range, onRange }: Props) {
  const strip = useRef<HTMLDivElement>(null);
  const drag = useRef<{ x: number; range: Range } | null>(null);
  const all = sameRange(bounds, range);
  const left = partOf(bounds, range[0]);
  const width = span(range) / (span(bounds) || 1);
  const seconds = (px: number) => (px / (strip.current?.clientWidth || 1)) * span(bounds);

  return (
    <div
      ref={strip}
      className={classes.strip}
      data-idle={all || undefined}
      role="scrollbar"
      aria-label="Part of the recording in view"
      aria-controls="main"
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(left * 100)}
      tabIndex={all ? -1 : 0}
      onKeyDown={(event) => {
        const step = { ArrowLeft: -0.2, ArrowRight: 0.2, PageUp: -0.9, PageDown: 0.9 }[event.key];
        if (step === undefined) return;
        event.preventDefault();
        event.stopPropagation();
        onRange(panBy(range, bounds, step * span(range)));
      }}
      onPointerDown={(event) => {
        const box = event.currentTarget.getBoundingClientRect();
        const part = (event.clientX - box.left) / box.width;
        const onThumb = part >= left && part <= left + width;
        const from = onThumb ? range : panBy(range, bounds, (part - left - width / 2) * span(bounds));
        if (!onThumb) onRange(from);
        drag.current = { x: event.clientX, range: from };
        event.currentTarget.setPointerCapture(event.pointerId);
      }}
      onPointerMove={(event) => {
        if (drag.current) onRange(panBy(drag.current.range, bounds, seconds(event.clientX - drag.current.x)));
      }}
      onPointerUp={() => {
        drag.current = null;
      }}
      onPointerCancel={() => {
        drag.current = null;
      }}
    >
      <div className={classes.thumb} style={{ left: `${left * 100}%`, width: `max(14px, ${width * 100}%)` }} />
    </div>
  );
}
