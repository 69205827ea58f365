/** From the API's signal to what is drawn. */
import type { Axis } from 'lib/types';

/**
 * A stretch of a recording. Either every reading (`values`) or, when they are too many, the lowest and the highest of each
 * group of readings (`min`, `max`). All are [axis][point]; point i stands for the time t0 + i * dt.
 */
export interface Signal {
  rate_hz: number;
  axes: Axis[];
  /** Seconds from the start of the recording. */
  t0: number;
  dt: number;
  values?: number[][] | null;
  min?: number[][] | null;
  max?: number[][] | null;
}

export interface PlotLine {
  name: string;
  unit: string;
  values: (number | null)[];
}

export interface PlotData {
  /** Seconds. */
  x: number[];
  lines: PlotLine[];
}

/** A group of readings becomes two points, lowest then highest, so that the line fills the group's whole extent. */
export function plotData(signal: Signal): PlotData {
  const { t0, dt, axes, min, max, values } = signal;
  if (min && max && min.length > 0) {
    const points = min[0]?.length ?? 0;
    const x: number[] = new Array(points * 2);
    for (let i = 0; i < points; i += 1) {
      x[2 * i] = t0 + (i + 0.25) * dt;
      x[2 * i + 1] = t0 + (i + 0.75) * dt;
    }
    const lines = axes.map((axis, a) => {
      const line: (number | null)[] = new Array(points * 2);
      for (let i = 0; i < points; i += 1) {
        line[2 * i] = min[a][i];
        line[2 * i + 1] = max[a][i];
      }
      return { ...axis, values: line };
    });
    return { x, lines };
  }
  const points = values?.[0]?.length ?? 0;
  const x = Array.from({ length: points }, (_, i) => t0 + i * dt);
  return { x, lines: axes.map((axis, a) => ({ ...axis, values: values?.[a] ?? [] })) };
}
