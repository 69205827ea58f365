import { Group, Text, useComputedColorScheme } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { percent, significant } from 'lib/format';
import type { Epoch } from './api';
import classes from './trainings.module.css';

type Measure = 'loss' | 'accuracy';

interface Props {
  history: Epoch[];
  measure: Measure;
  /** Of all epochs asked for: the right end of the axis, so that the curve grows into its place. */
  epochs: number;
}

const COLORS = { training: '#3a8fd0', validation: '#e07b39' };
const cssColor = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

function dataOf(history: Epoch[], measure: Measure): uPlot.AlignedData {
  const validation = measure === 'loss' ? 'val_loss' : 'val_accuracy';
  return [history.map((one) => one.epoch), history.map((one) => one[measure]), history.map((one) => one[validation] ?? null)];
}

function options(measure: Measure, width: number, most: () => number): uPlot.Options {
  const grid = { stroke: cssColor('--plot-grid'), width: 1 };
  const font = '11px "Inter Variable", system-ui, sans-serif';
  const common = { stroke: cssColor('--plot-text'), grid, ticks: { ...grid, size: 4 }, font };
  const line = (stroke: string) => ({ stroke, width: 1.8, points: { show: (plot: uPlot) => plot.data[0].length < 2, size: 6 } });
  return {
    width,
    height: 200,
    padding: [8, 10, 0, 0],
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false } },
    scales: {
      x: { time: false, range: () => [1, Math.max(2, most())] },
      y: { range: (_plot, low, high) => (measure === 'accuracy' ? [Math.max(0, Math.floor(low * 10 - 0.01) / 10), 1.01] : [0, (high || 1) * 1.05]) },
    },
    axes: [
      { ...common, size: 30, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500] },
      { ...common, size: 52, values: (_plot, ticks) => ticks.map((tick) => (measure === 'accuracy' ? percent(tick, 0) : significant(tick, 3))) },
    ],
    series: [{}, line(COLORS.training), line(COLORS.validation)],
  };
}

/** Loss or accuracy over the epochs, training and validation; grows while the training runs. */
export function EpochChart({ history, measure, epochs }: Props) {
  const { ref: sizeRef, width } = useElementSize();
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const scheme = useComputedColorScheme('light');
  const latest = useRef({ history, epochs });
  useEffect(() => {
    latest.current = { history, epochs };
  });
  useEffect(() => {
    if (!host.current || width < 60) return undefined;
    const made = new uPlot(options(measure, width, () => latest.current.epochs), dataOf(latest.current.history, measure), host.current);
    plot.current = made;
    return () => {
      made.destroy();
      plot.current = null;
    };
  }, [measure, width, scheme]);
  useEffect(() => {
    plot.current?.setData(dataOf(history, measure));
  }, [history, measure, epochs]);
  const last = history[history.length - 1];
  const say = (value: number | null | undefined) => (measure === 'accuracy' ? percent(value) : significant(value, 3));
  const [training, validation] = measure === 'loss' ? [last?.loss, last?.val_loss] : [last?.accuracy, last?.val_accuracy];
  return (
    <div ref={sizeRef} style={{ minWidth: 0 }}>
      <Group justify="space-between" gap="xs" mb={4}>
        <Text size="sm" fw={600}>
          {measure === 'loss' ? 'Loss' : 'Accuracy'}
        </Text>
        <Group gap="sm">
          <Text size="xs" c="dimmed" className="tabular">
            <span className={classes.dot} style={{ background: COLORS.training }} />
            training {say(training)}
          </Text>
          <Text size="xs" c="dimmed" className="tabular">
            <span className={classes.dot} style={{ background: COLORS.validation }} />
            validation {say(validation)}
          </Text>
        </Group>
      </Group>
      <div ref={host} style={{ height: 200 }} role="img" aria-label={`${measure} over ${history.length} epochs`} />
    </div>
  );
}
