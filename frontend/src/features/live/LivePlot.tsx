import { Box, useComputedColorScheme } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { useEffect, useMemo, useRef, useState } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { AXIS_COLORS, labelColor } from 'lib/colors';
import { significant } from 'lib/format';
import type { Axis } from 'lib/types';
import classes from './live.module.css';
import { settleRange, type YRange } from './range';
import type { LiveSession } from './session';

interface Props {
  session: LiveSession;
  axes: Axis[];
  rateHz: number;
  /** Seconds in view; the newest reading stands at the right edge. */
  span_s: number;
  paused: boolean;
  /** Labels of the firmware's model; [] draws no strip of classes. */
  labels: string[];
  colors: Map<string, string>;
}

function cssColor(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/** Lines of one unit share a scale; the first two units get an axis, left and right. */
function options(axes: Axis[], hidden: Set<number>, size: { width: number; height: number }, span: () => number, onPlaced: (plot: uPlot) => void): uPlot.Options {
  const units = Array.from(new Set(axes.map((axis) => axis.unit)));
  const grid = { stroke: cssColor('--plot-grid'), width: 1 };
  const font = '11px "Inter Variable", system-ui, sans-serif';
  const common = { stroke: cssColor('--plot-text'), grid, ticks: { ...grid, size: 4 }, font, labelFont: font, labelSize: 16, labelGap: 0 };
  const calm: Record<string, YRange | null> = {};
  const yScale = (key: string): uPlot.Scale => ({
    range: (_plot, low, high) => {
      calm[key] = settleRange(calm[key] ?? null, low, high);
      return calm[key] as YRange;
    },
  });
  return {
    ...size,
    padding: [8, units.length > 1 ? 0 : 12, 0, 0],
    legend: { show: false },
    hooks: { ready: [onPlaced] },
    cursor: { show: false },
    select: { show: false, left: 0, top: 0, width: 0, height: 0 },
    scales: { x: { time: false, range: () => [-span(), 0] }, ...Object.fromEntries(units.map((_, index) => [`y${index}`, yScale(`y${index}`)])) },
    axes: [
      { ...common, size: 30, values: (_plot, ticks) => ticks.map((tick) => `${Number(tick.toPrecision(6))} s`) },
      ...units.slice(0, 2).map((unit, index) => ({
        ...common,
        scale: `y${index}`,
        side: index === 0 ? 3 : 1,
        size: unit ? 58 : 50,
        label: unit || undefined,
        grid: index === 0 ? grid : { show: false },
        values: (_plot: uPlot, ticks: number[]) => ticks.map((tick) => significant(tick, 4)),
      })),
    ],
    series: [
      {},
      ...axes.map((axis, index) => ({
        scale: `y${units.indexOf(axis.unit)}`,
        stroke: AXIS_COLORS[index % AXIS_COLORS.length],
        width: 1.25,
        show: !hidden.has(index),
        points: { show: false },
      })),
    ],
  };
}

/** The strip of classes: one box a window, as wide as the stride, the colour of its label, fainter when less sure. */
function drawStrip(canvas: HTMLCanvasElement, props: Props, end: number): void {
  const context = canvas.getContext('2d');
  if (!context) return;
  const { width, height } = canvas;
  context.clearRect(0, 0, width, height);
  const shown = props.span_s * props.rateHz;
  const x = (index: number) => width * (1 - (end - index) / shown);
  const list = props.session.classifications;
  for (let at = list.length - 1; at >= 0 && list[at].index >= end - shown; at -= 1) {
    const { index, winner, scores } = list[at];
    if (index > end || winner === null) continue;
    const from = at > 0 ? Math.max(list[at - 1].index, index - shown) : index - props.rateHz;
    context.globalAlpha = 0.15 + 0.85 * Math.min(1, Math.max(0, scores[winner] ?? 0));
    context.fillStyle = labelColor(props.labels[winner], props.colors);
    context.fillRect(x(from), 0, Math.max(1, x(index) - x(from) - 1), height);
  }
  context.globalAlpha = 1;
}

/** The last seconds of the stream, drawn from the ring buffer with every frame of the screen; React is not asked. */
export function LivePlot(props: Props) {
  const { session, axes, labels } = props;
  const { ref: sizeRef, width } = useElementSize();
  const host = useRef<HTMLDivElement>(null);
  const strip = useRef<HTMLCanvasElement>(null);
  const values = useRef<(HTMLSpanElement | null)[]>([]);
  const scheme = useComputedColorScheme('light');
  const [hidden, setHidden] = useState<Set<number>>(new Set());
  const [inset, setInset] = useState({ left: 0, width: 0 });
  const latest = useRef(props);
  useEffect(() => {
    latest.current = props;
  });
  const shape = useMemo(() => axes.map((axis) => `${axis.name}\u0000${axis.unit}`).join('\u0001'), [axes]);
  const height = width < 520 ? 240 : 340;

  useEffect(() => {
    if (!host.current || width < 40) return undefined;
    const current = latest.current.axes;
    const plot = new uPlot(
      options(
        current,
        hidden,
        { width, height },
        () => latest.current.span_s,
        ({ over }) => setInset({ left: over.offsetLeft, width: over.clientWidth }),
      ),
      [[], ...current.map(() => [])] as uPlot.AlignedData,
      host.current,
    );
    let end = 0;
    let drawn = '';
    let frame = 0;
    const draw = () => {
      frame = requestAnimationFrame(draw);
      const { ring } = session;
      const { rateHz, span_s, paused } = latest.current;
      if (!paused || end > ring.end) end = ring.end;
      // Paused or silent: nothing to draw again.
      const state = `${end}:${span_s}:${rateHz}:${ring.axes}`;
      if (state === drawn || ring.axes !== current.length) return;
      drawn = state;
      plot.setData(ring.view(end - Math.ceil(span_s * rateHz), end, plot.over.clientWidth, rateHz) as uPlot.AlignedData);
      if (strip.current) drawStrip(strip.current, latest.current, end);
      current.forEach((axis, index) => {
        const element = values.current[index];
        if (element) element.textContent = `${significant(ring.at(index, end - 1), 4)}${axis.unit ? ` ${axis.unit}` : ''}`;
      });
    };
    draw();
    return () => {
      cancelAnimationFrame(frame);
      plot.destroy();
    };
  }, [session, shape, hidden, width, height, scheme]);

  const toggle = (index: number) =>
    setHidden((was) => {
      const next = new Set(was);
      if (!next.delete(index)) next.add(index);
      return next.size === axes.length ? was : next;
    });

  return (
    <Box ref={sizeRef} style={{ minWidth: 0 }}>
      <div className={classes.legend}>
        {axes.map((axis, index) => (
          <button
            key={`${axis.name}:${index}`}
            type="button"
            className={classes.key}
            aria-pressed={!hidden.has(index)}
            title={`${hidden.has(index) ? 'Show' : 'Hide'} ${axis.name}`}
            onClick={() => toggle(index)}
          >
            <span className={classes.dot} style={{ background: AXIS_COLORS[index % AXIS_COLORS.length] }} />
            <span className={classes.name}>{axis.name}</span>
            <span
              className={classes.value}
              ref={(element) => {
                values.current[index] = element;
              }}
            />
          </button>
        ))}
      </div>
      <div ref={host} style={{ height }} role="img" aria-label={`Live signal of ${axes.map((axis) => axis.name).join(', ')}`} />
      {labels.length > 0 && inset.width > 0 && (
        <canvas
          ref={strip}
          className={classes.strip}
          width={inset.width}
          height={26}
          style={{ marginLeft: inset.left, width: inset.width }}
          role="img"
          aria-label="The board's classes over time"
        />
      )}
    </Box>
  );
}
