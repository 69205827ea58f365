import { Group, Paper, Text, Title } from '@mantine/core';
import { Fragment, useEffect, useMemo, useRef, useState, type PointerEvent } from 'react';
import { AXIS_COLORS } from 'lib/colors';
import { significant } from 'lib/format';
import type { BlockOutput } from './api';
import { colouringOf, extent, heatGradient, heatPixels, shapeOf } from './heat';
import classes from './output.module.css';

interface Props {
  output: BlockOutput;
  title: string;
  /** Length of the window, for the time axis. */
  window_s: number;
}

const nameOf = (output: BlockOutput, column: number) => output.names[column] || `${column + 1}`;
const seconds = (value: number) => `${significant(value, 3)} s`;

/** The cell under the pointer as [part of the width, part of the height], 0 .. 1. */
function partsOf(event: PointerEvent<Element>): [number, number] {
  const box = event.currentTarget.getBoundingClientRect();
  return [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
}

const cell = (part: number, count: number) => Math.min(count - 1, Math.max(0, Math.floor(part * count)));

function HeatMap({ output, window_s, onRead }: Props & { onRead: (text: string) => void }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { rows, cols, values } = output;
  const [low, high] = useMemo(() => extent(values), [values]);
  const colouring = useMemo(() => colouringOf(values), [values]);
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!canvas.current || !context) return;
    const { width, height, data } = heatPixels(values, colouring);
    if (width === 0 || height === 0) return;
    canvas.current.width = width;
    canvas.current.height = height;
    const image = context.createImageData(width, height);
    image.data.set(data);
    context.putImageData(image, 0, 0);
  }, [values, colouring]);
  const read = (event: PointerEvent<Element>) => {
    const [x, y] = partsOf(event);
    const [row, column] = [cell(x, rows), cols - 1 - cell(y, cols)];
    onRead(`${seconds((row / rows) * window_s)}, ${nameOf(output, column)}: ${significant(values[row]?.[column], 4)}`);
  };
  const marks = [0, Math.floor((cols - 1) / 2), cols - 1];
  return (
    <div className={classes.heat}>
      <div className={`${classes.axis} ${classes.vertical}`} aria-hidden>
        {marks.map((column) => (
          <span key={column}>{nameOf(output, column)}</span>
        ))}
      </div>
      <canvas
        ref={canvas}
        className={classes.canvas}
        role="img"
        aria-label={`${rows} frames over time, ${cols} columns, values from ${significant(low)} to ${significant(high)}`}
        onPointerMove={read}
        onPointerLeave={() => onRead('')}
      />
      <div style={{ display: 'flex', gap: 4 }} aria-hidden>
        <div className={classes.scale} style={{ background: heatGradient }} />
        <div className={`${classes.axis} ${classes.vertical}`} style={{ alignItems: 'flex-start' }}>
          <span>{colouring === 'apart' ? 'least' : significant(low, 2)}</span>
          <span title={colouring === 'apart' ? 'Every column has its own scale' : undefined}>{colouring === 'apart' ? 'most' : significant(high, 2)}</span>
        </div>
      </div>
      <div className={`${classes.axis} ${classes.horizontal}`} aria-hidden>
        <span>0 s</span>
        <span>{seconds(window_s / 2)}</span>
        <span>{seconds(window_s)}</span>
      </div>
    </div>
  );
}

/** Lines over time (few columns), or over the place in one long vector. */
function Lines({ output, window_s, onRead }: Props & { onRead: (text: string) => void }) {
  const { rows, cols } = output;
  const isVector = rows === 1;
  const lines = useMemo(
    () => (isVector ? [output.values[0] ?? []] : Array.from({ length: cols }, (_, column) => output.values.map((row) => row[column]))),
    [output, cols, isVector],
  );
  const [low, high] = useMemo(() => extent(lines), [lines]);
  const points = lines[0]?.length ?? 0;
  const path = (line: number[]) => line.map((value, at) => `${at === 0 ? 'M' : 'L'}${(at / Math.max(1, points - 1)) * 1000},${200 - ((value - low) / (high - low)) * 196 - 2}`).join('');
  const read = (event: PointerEvent<Element>) => {
    const at = cell(partsOf(event)[0], points);
    if (isVector) onRead(`${nameOf(output, at)}: ${significant(lines[0][at], 4)}`);
    else onRead(`${seconds((at / points) * window_s)}: ${lines.map((line, column) => `${nameOf(output, column)} ${significant(line[at], 4)}`).join(', ')}`);
  };
  return (
    <div className={classes.heat}>
      <div className={`${classes.axis} ${classes.vertical}`} aria-hidden>
        <span>{significant(low, 3)}</span>
        <span>{significant(high, 3)}</span>
      </div>
      <svg
        className={classes.lines}
        viewBox="0 0 1000 200"
        preserveAspectRatio="none"
        role="img"
        aria-label={`${isVector ? cols : rows} values, from ${significant(low)} to ${significant(high)}`}
        onPointerMove={read}
        onPointerLeave={() => onRead('')}
      >
        {lines.map((line, column) => (
          <path key={column} d={path(line)} fill="none" stroke={AXIS_COLORS[column % AXIS_COLORS.length]} strokeWidth={1.4} vectorEffect="non-scaling-stroke" />
        ))}
      </svg>
      <span />
      <div className={`${classes.axis} ${classes.horizontal}`} aria-hidden>
        <span>{isVector ? '1' : '0 s'}</span>
        <span>{isVector ? cols : seconds(window_s)}</span>
      </div>
    </div>
  );
}

/** One vector, every feature with its name. Bars start at zero. */
function Bars({ output }: Props) {
  const values = output.values[0] ?? [];
  const most = Math.max(...values.map(Math.abs), Number.MIN_VALUE);
  const anyNegative = values.some((value) => value < 0);
  return (
    <div className={classes.bars} tabIndex={0} role="list" aria-label="Features">
      {values.map((value, at) => {
        const width = (Math.abs(value) / most) * (anyNegative ? 50 : 100);
        return (
          <Fragment key={at}>
            <span title={nameOf(output, at)} role="listitem">
              {nameOf(output, at)}
            </span>
            <div className={classes.track} aria-hidden>
              <div className={classes.bar} style={{ width: `${width}%`, left: anyNegative ? `${value < 0 ? 50 - width : 50}%` : 0 }} />
            </div>
            <span className="tabular">{significant(value, 4)}</span>
          </Fragment>
        );
      })}
    </div>
  );
}

/** What a DSP block makes of the window: a map, lines or bars, whichever tells most. */
export function BlockOutputView(props: Props) {
  const { output, title } = props;
  const [readout, setReadout] = useState('');
  const shape = shapeOf(output.rows, output.cols);
  return (
    <Paper p="md">
      <Group justify="space-between" mb="xs" gap="xs">
        <Title order={3}>{title}</Title>
        <Text size="sm" c="dimmed" className="tabular">
          {output.rows > 1 ? `${output.rows} frames × ${output.cols}` : `${output.cols} features`}
        </Text>
      </Group>
      {shape === 'map' && <HeatMap {...props} onRead={setReadout} />}
      {shape === 'lines' && <Lines {...props} onRead={setReadout} />}
      {shape === 'bars' && <Bars {...props} />}
      {shape !== 'bars' && <div className={classes.readout}>{readout}</div>}
    </Paper>
  );
}
