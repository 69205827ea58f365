import { useComputedColorScheme } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import { createPortal } from 'react-dom';
import uPlot from 'uplot';
import { AXIS_COLORS } from 'lib/colors';
import { significant } from 'lib/format';
import type { PlotData } from './data';
import { attachGestures } from './gestures';
import classes from './SignalPlot.module.css';
import { clamp, type Range } from './view';

interface Props {
  data: PlotData;
  /** The whole recording, in seconds. */
  bounds: Range;
  /** The part in view. Left out: all of it, and no zoom. */
  range?: Range;
  onRange?: (range: Range) => void;
  height?: number;
  drag?: 'zoom' | 'pan';
  wheel?: 'always' | 'ctrl';
  /** Seconds between two readings; the view is never shorter than a few of them. */
  dt?: number;
  /** What is drawn over the plot: elements placed in percent of its width (see `partOf`). */
  children?: ReactNode;
  /** What stands below the plot with the same left and right edge. */
  track?: ReactNode;
  /** What the plot shows, for those who do not see it. */
  label: string;
}

function cssColor(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/** Lines of one unit share a scale; the first two units get an axis, left and right. */
function scalesOf(units: string[]) {
  const distinct = Array.from(new Set(units));
  return { distinct, key: (unit: string) => `y${distinct.indexOf(unit)}` };
}

interface Look {
  hidden: Set<number>;
  width: number;
  height: number;
  onCursor: (index: number | null) => void;
  /** The plotting area has its place. */
  onPlaced: (plot: uPlot) => void;
}

/** Below this width (pixels) the axes are narrow and have no title; the legend tells the units. */
const NARROW = 520;

function options(data: PlotData, { hidden, width, height, onCursor, onPlaced }: Look): uPlot.Options {
  const { distinct, key } = scalesOf(data.lines.map((line) => line.unit));
  const text = cssColor('--plot-text');
  const grid = { stroke: cssColor('--plot-grid'), width: 1 };
  const font = '11px "Inter Variable", system-ui, sans-serif';
  const common = { stroke: text, grid, ticks: { ...grid, size: 4 }, font, labelFont: font, labelSize: 16, labelGap: 0 };
  return {
    width,
    height,
    padding: [8, distinct.length > 1 ? 0 : 12, 0, 0],
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false, setScale: false }, points: { size: 5 } },
    select: { show: false, left: 0, top: 0, width: 0, height: 0 },
    scales: { x: { time: false, auto: false } },
    axes: [
      { ...common, size: 30, values: (_plot, ticks) => ticks.map((tick) => `${Number(tick.toPrecision(8))} s`) },
      ...distinct.slice(0, 2).map((unit, index) => ({
        ...common,
        scale: key(unit),
        side: index === 0 ? 3 : 1,
        size: width < NARROW ? 38 : unit ? 58 : 50,
        label: width < NARROW ? undefined : unit || undefined,
        grid: index === 0 ? grid : { show: false },
        values: (_plot: uPlot, ticks: number[]) => ticks.map((tick) => significant(tick, 4)),
      })),
    ],
    series: [
      {},
      ...data.lines.map((line, index) => ({
        scale: key(line.unit),
        stroke: AXIS_COLORS[index % AXIS_COLORS.length],
        width: 1.25,
        show: !hidden.has(index),
        points: { show: (plot: uPlot, _series: number, first: number, last: number) => last - first < plot.width / 12, size: 4 },
      })),
    ],
    hooks: { setCursor: [(plot) => onCursor(plot.cursor.idx ?? null)], draw: [onPlaced] },
  };
}

function toUplot(data: PlotData): uPlot.AlignedData {
  return [data.x, ...data.lines.map((line) => line.values)] as uPlot.AlignedData;
}

interface LegendProps {
  data: PlotData;
  hidden: Set<number>;
  toggle: (index: number) => void;
  values: React.RefObject<(HTMLSpanElement | null)[]>;
}

/** The axes with their colours and the value under the cursor; a click hides or shows one. */
function Legend({ data, hidden, toggle, values }: LegendProps) {
  return (
    <div className={classes.legend}>
      {data.lines.map((line, index) => (
        <button
          key={`${line.name}:${index}`}
          type="button"
          className={classes.key}
          aria-pressed={!hidden.has(index)}
          title={hidden.has(index) ? `Show ${line.name}` : `Hide ${line.name}`}
          onClick={() => toggle(index)}
        >
          <span className={classes.dot} style={{ background: AXIS_COLORS[index % AXIS_COLORS.length] }} />
          <span className={classes.name}>{line.name}</span>
          <span
            className={classes.value}
            ref={(element) => {
              values.current[index] = element;
            }}
          />
        </button>
      ))}
    </div>
  );
}

/** A recording over time: zoom with the wheel or two fingers, pan with a finger or Shift, double click to see all. */
export function SignalPlot(props: Props) {
  const { data, bounds, range = bounds, onRange, height = 260, drag = 'zoom', wheel = 'ctrl', dt = 0, children, track, label } = props;
  const { ref: sizeRef, width } = useElementSize();
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const values = useRef<(HTMLSpanElement | null)[]>([]);
  const scheme = useComputedColorScheme('light');
  const [area, setArea] = useState<HTMLElement | null>(null);
  const [inset, setInset] = useState({ left: 0, width: 0 });
  const [hidden, setHidden] = useState<Set<number>>(new Set());
  const [mark, setMark] = useState<[number, number] | null>(null);
  const latest = useRef({ data, bounds, range, onRange, drag, wheel, dt });
  useEffect(() => {
    latest.current = { data, bounds, range, onRange, drag, wheel, dt };
  });

  const shape = useMemo(() => data.lines.map((line) => `${line.name}\u0000${line.unit}`).join('\u0001'), [data]);

  useEffect(() => {
    if (!host.current || width < 40) return undefined;
    const showValues = (index: number | null) => {
      latest.current.data.lines.forEach((line, i) => {
        const element = values.current[i];
        const value = index === null ? null : line.values[index];
        if (element) element.textContent = value == null ? '' : `${significant(value, 4)}${line.unit ? ` ${line.unit}` : ''}`;
      });
    };
    const place = ({ over }: uPlot) =>
      setInset((was) => (was.left === over.offsetLeft && was.width === over.clientWidth ? was : { left: over.offsetLeft, width: over.clientWidth }));
    const look = { hidden, width, height, onCursor: showValues, onPlaced: place };
    const made = new uPlot(options(latest.current.data, look), toUplot(latest.current.data), host.current);
    plot.current = made;
    made.setScale('x', { min: latest.current.range[0], max: latest.current.range[1] });
    setArea(made.over);
    const detach = latest.current.onRange
      ? attachGestures(made.over, {
          range: () => latest.current.range,
          bounds: () => latest.current.bounds,
          shortest: () => latest.current.dt * 4,
          drag: () => latest.current.drag,
          wheel: () => latest.current.wheel,
          setRange: (next) => latest.current.onRange?.(clamp(next, latest.current.bounds, latest.current.dt * 4)),
          onMark: setMark,
        })
      : () => undefined;
    return () => {
      detach();
      made.destroy();
      plot.current = null;
      setArea(null);
    };
  }, [shape, width, height, hidden, scheme]);

  useEffect(() => {
    plot.current?.batch(() => {
      plot.current?.setData(toUplot(data), false);
      plot.current?.setScale('x', { min: range[0], max: range[1] });
    });
  }, [data, range, area]);

  const toggle = (index: number) =>
    setHidden((was) => {
      const next = new Set(was);
      if (!next.delete(index)) next.add(index);
      return next.size === data.lines.length ? was : next;
    });

  return (
    <div ref={sizeRef} className={classes.root}>
      <Legend data={data} hidden={hidden} toggle={toggle} values={values} />
      <div ref={host} className={classes.host} style={{ height }} role="img" aria-label={label} />
      {area &&
        createPortal(
          <>
            {children}
            {mark && <div className={classes.mark} style={{ left: `${mark[0] * 100}%`, width: `${(mark[1] - mark[0]) * 100}%` }} />}
          </>,
          area,
        )}
      {track && inset.width > 0 && <div style={{ marginLeft: inset.left, width: inset.width }}>{track}</div>}
    </div>
  );
}
