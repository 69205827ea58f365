import { ActionIcon, Button, Group, Modal, Paper, SegmentedControl, Skeleton, Stack, Tooltip } from '@mantine/core';
import { useDebouncedValue, useMediaQuery } from '@mantine/hooks';
import {
  IconArrowBackUp,
  IconArrowForwardUp,
  IconArrowsMaximize,
  IconPlayerPauseFilled,
  IconPlayerPlayFilled,
  IconTrash,
  IconZoomIn,
  IconZoomOut,
} from '@tabler/icons-react';
import { useMemo, useState, type ReactNode } from 'react';
import { ErrorCard } from 'components/ErrorCard';
import { LabelInput } from 'components/LabelInput';
import { RangeStrip, SignalPlot, clamp, partOf, plotData, span, zoomAt, type Range } from 'components/signal';
import { apiUrl } from 'lib/api';
import { labelColors } from 'lib/colors';
import { duration } from 'lib/format';
import { useKeys } from 'lib/keys';
import type { Id } from 'lib/types';
import { useAudio } from '../audio';
import { samplesPath, useLabels, useSignal, type Sample } from '../queries';
import { tile } from '../signalPart';
import { KeyHelp } from './KeyHelp';
import { Palette } from './Palette';
import type { Draft } from './pointing';
import { SaveProblem, SaveStatus } from './SaveStatus';
import { SegmentLayer, SegmentTrack, type Surface } from './SegmentLayer';
import classes from './SegmentLayer.module.css';
import { selectedOf, type Labelled } from './segments';
import type { Segments } from './useSegments';

export const isAudio = (sample: Sample) => sample.axes.every((axis) => axis.name.toLowerCase().startsWith('audio'));

interface ToolProps {
  label: string;
  onClick: () => void;
  disabled?: boolean;
  children: ReactNode;
}

function Tool({ label, onClick, disabled, children }: ToolProps) {
  return (
    <Tooltip label={label}>
      <ActionIcon variant="default" size={30} aria-label={label} onClick={onClick} disabled={disabled}>
        {children}
      </ActionIcon>
    </Tooltip>
  );
}

/** Asks for the first label of all, when a segment was drawn before there was one. */
function NameSegment({ labels, onName, onClose }: { labels: string[]; onName: (label: string) => void; onClose: () => void }) {
  const [name, setName] = useState('');
  return (
    <Modal opened onClose={onClose} title="Which label?" size="sm">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim()) onName(name.trim());
        }}
      >
        <Stack>
          <LabelInput label="Label" data-autofocus labels={labels} value={name} onChange={setName} />
          <Group justify="flex-end">
            <Button type="submit" disabled={!name.trim()}>
              Use it
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

interface Props {
  projectId: Id;
  sample: Sample;
  segments: Segments;
  /** Whether the reader may label. */
  editable: boolean;
}

/** The signal with its labels: look closer, draw, move, resize, undo. */
export function Labeller({ projectId, sample, segments, editable }: Props) {
  const { state, dispatch } = segments;
  const { labels: known } = useLabels(projectId);
  const small = useMediaQuery('(max-width: 48em)');
  const dt = 1 / sample.rate_hz;
  const bounds = useMemo<Range>(() => [0, Math.max(sample.duration_s, dt)], [sample.duration_s, dt]);
  const [range, setRange] = useState<Range>(bounds);
  const [tool, setTool] = useState<'label' | 'look'>('label');
  const [chosen, setChosen] = useState<string | null>(null);
  const [draft, setDraft] = useState<Draft | null>(null);
  const [nameless, setNameless] = useState<[number, number] | null>(null);
  const audio = useAudio(isAudio(sample) ? apiUrl(`${samplesPath(projectId)}/${sample.id}/audio`) : null);

  const labels = useMemo(() => {
    const all = new Set([...known, ...state.segments.map((segment) => segment.label), ...(chosen ? [chosen] : [])]);
    return Array.from(all).sort((a, b) => a.localeCompare(b, undefined, { numeric: true }));
  }, [known, state.segments, chosen]);
  const colors = useMemo(() => labelColors(labels), [labels]);
  const current = chosen ?? state.segments[0]?.label ?? labels[0] ?? null;

  const [quiet] = useDebouncedValue(range, 120);
  const part = tile(quiet, bounds[1]);
  const whole = useSignal(projectId, sample.id, null);
  const exact = whole.data !== undefined && whole.data.dt * sample.rate_hz < 1.5; // every reading is here already
  const closer = useSignal(projectId, sample.id, exact ? null : part);
  const data = useMemo(() => {
    const covers = closer.data && closer.data.t0 <= range[0] + dt && closer.data.t0 + closer.data.dt * pointsOf(closer.data) >= range[1] - 2 * dt;
    const best = covers ? closer.data : whole.data;
    return best ? plotData(best) : null;
  }, [closer.data, whole.data, range, dt]);

  const add = (start: number, end: number) => {
    if (current) dispatch({ type: 'add', start_s: start, end_s: end, label: current });
    else setNameless([start, end]);
  };
  const choose = (label: string) => {
    setChosen(label);
    if (editable && state.selected) dispatch({ type: 'relabel', key: state.selected, label });
  };
  const surface: Surface = {
    segments: state.segments,
    selected: state.selected,
    range,
    duration: bounds[1],
    dt,
    draft,
    onDraft: setDraft,
    onDone: ({ key, start_s, end_s }) => {
      if (key !== null) dispatch({ type: 'change', key, start_s, end_s });
      else if (Math.abs(end_s - start_s) >= dt) add(Math.min(start_s, end_s), Math.max(start_s, end_s));
    },
    onSelect: (key) => dispatch({ type: 'select', key }),
  };
  const zoom = (factor: number) => setRange((was) => zoomAt(was, bounds, factor, (was[0] + was[1]) / 2, dt * 4));
  const selected = selectedOf(state);
  const play = () => {
    if (selected) audio.toggle(selected.start_s, selected.end_s);
    else audio.toggle(range[0], range[1]);
  };
  useLabelKeys({ segments, editable, selected, range, dt, add, labels, choose, zoom, fit: () => setRange(bounds), play: isAudio(sample) ? play : null, look: () => setTool(tool === 'label' ? 'look' : 'label') });

  const drawing = editable && tool === 'label';
  return (
    <Paper p={{ base: 'sm', sm: 'md' }}>
      <Group justify="space-between" mb="sm" gap="xs" align="flex-start">
        {editable ? <Palette labels={labels} colors={colors} current={current} onChoose={choose} /> : <span />}
        <Group gap={6}>
          {editable && (
            <>
              <SegmentedControl
                size="xs"
                value={tool}
                onChange={(value) => setTool(value as 'label' | 'look')}
                data={[
                  { value: 'label', label: 'Label' },
                  { value: 'look', label: 'Look' },
                ]}
              />
              <Tool label="Undo (Ctrl+Z)" onClick={() => dispatch({ type: 'undo' })} disabled={state.past.length === 0}>
                <IconArrowBackUp size={18} />
              </Tool>
              <Tool label="Redo (Ctrl+Shift+Z)" onClick={() => dispatch({ type: 'redo' })} disabled={state.future.length === 0}>
                <IconArrowForwardUp size={18} />
              </Tool>
              <Tool label="Remove the chosen segment (Delete)" onClick={() => selected && dispatch({ type: 'remove', key: selected.key })} disabled={!selected}>
                <IconTrash size={17} />
              </Tool>
            </>
          )}
          <Tool label="Closer (+)" onClick={() => zoom(0.5)}>
            <IconZoomIn size={18} />
          </Tool>
          <Tool label="Further (−)" onClick={() => zoom(2)}>
            <IconZoomOut size={18} />
          </Tool>
          <Tool label="All (0)" onClick={() => setRange(bounds)}>
            <IconArrowsMaximize size={16} />
          </Tool>
          {editable && !small && <KeyHelp />}
        </Group>
      </Group>
      <Stack gap="sm">
        <SaveProblem segments={segments} />
        {whole.isError && <ErrorCard error={whole.error} retry={() => whole.refetch()} />}
        {!data && whole.isPending && <Skeleton h={small ? 290 : 400} />}
      </Stack>
      {data && (
        <SignalPlot
          label={`Signal of ${sample.name}, ${duration(sample.duration_s)}, ${state.segments.length} segments`}
          data={data}
          bounds={bounds}
          range={range}
          onRange={setRange}
          height={small ? 240 : 340}
          dt={dt}
          wheel="always"
          track={<SegmentTrack surface={surface} active={editable} label={current ?? ''} colors={colors} />}
        >
          <SegmentLayer surface={surface} active={drawing} label={current ?? ''} colors={colors}>
            {audio.time !== null && <div className={classes.playhead} style={{ left: `${partOf(range, audio.time) * 100}%` }} />}
          </SegmentLayer>
        </SignalPlot>
      )}
      <RangeStrip bounds={bounds} range={range} onRange={setRange} />
      <Group justify="space-between" mt={4} gap="xs">
        {isAudio(sample) ? (
          <Button
            size="xs"
            variant="light"
            loading={audio.loading}
            leftSection={audio.playing ? <IconPlayerPauseFilled size={14} /> : <IconPlayerPlayFilled size={14} />}
            onClick={play}
          >
            {audio.playing ? 'Pause' : selected ? 'Play the segment' : 'Play'}
          </Button>
        ) : (
          <span />
        )}
        <Group gap="md">
          <SelectionFacts selected={selected} range={range} />
          {editable && <SaveStatus segments={segments} />}
        </Group>
      </Group>
      {nameless && (
        <NameSegment
          labels={labels}
          onClose={() => setNameless(null)}
          onName={(label) => {
            setChosen(label);
            dispatch({ type: 'add', start_s: nameless[0], end_s: nameless[1], label });
            setNameless(null);
          }}
        />
      )}
    </Paper>
  );
}

const pointsOf = (signal: { values?: number[][] | null; min?: number[][] | null }) => (signal.min ?? signal.values)?.[0]?.length ?? 0;

function SelectionFacts({ selected, range }: { selected: Labelled | null; range: Range }) {
  const [start, end] = selected ? [selected.start_s, selected.end_s] : range;
  return (
    <span className={classes.facts}>
      {selected ? selected.label : 'In view'}: {start.toFixed(3)} – {end.toFixed(3)} s ({duration(end - start)})
    </span>
  );
}

interface KeyProps {
  segments: Segments;
  editable: boolean;
  selected: Labelled | null;
  range: Range;
  dt: number;
  labels: string[];
  add: (start: number, end: number) => void;
  choose: (label: string) => void;
  zoom: (factor: number) => void;
  fit: () => void;
  play: (() => void) | null;
  look: () => void;
}

/** One press moves an edge by a hundredth of the view, at least one reading. */
function useLabelKeys({ segments, editable, selected, range, dt, labels, add, choose, zoom, fit, play, look }: KeyProps) {
  const { dispatch } = segments;
  const step = Math.max(dt, Math.round(span(range) / 100 / dt) * dt);
  const nudge = (start: number, end: number) => (): void | false => {
    if (!editable || !selected) return false;
    const next = [selected.start_s + start * step, selected.end_s + end * step];
    if (next[1] - next[0] >= dt * 0.99) dispatch({ type: 'change', key: selected.key, start_s: next[0], end_s: next[1] });
    return undefined;
  };
  const remove = (): void | false => {
    if (!editable || !selected) return false;
    return dispatch({ type: 'remove', key: selected.key });
  };
  const edit = (action: () => void) => (): void | false => (editable ? action() : false);
  const numbers = Object.fromEntries(labels.slice(0, 9).map((label, index) => [String(index + 1), edit(() => choose(label))]));
  useKeys({
    ...numbers,
    enter: (event) => {
      if (!editable || (event.target instanceof HTMLElement && event.target.closest('button, a'))) return false;
      const [start, end] = clamp([range[0] + span(range) * 0.4, range[0] + span(range) * 0.6], range);
      return add(start, end);
    },
    arrowleft: nudge(-1, -1),
    arrowright: nudge(1, 1),
    'shift+arrowleft': nudge(0, -1),
    'shift+arrowright': nudge(0, 1),
    'alt+arrowleft': nudge(-1, 0),
    'alt+arrowright': nudge(1, 0),
    ',': () => dispatch({ type: 'step', by: -1 }),
    '.': () => dispatch({ type: 'step', by: 1 }),
    escape: () => (selected ? dispatch({ type: 'select', key: null }) : false),
    delete: remove,
    backspace: remove,
    'mod+z': edit(() => dispatch({ type: 'undo' })),
    'mod+shift+z': edit(() => dispatch({ type: 'redo' })),
    'mod+y': edit(() => dispatch({ type: 'redo' })),
    '+': () => zoom(0.5),
    '=': () => zoom(0.5),
    '-': () => zoom(2),
    '0': fit,
    l: edit(look),
    space: (event) => {
      if (!play || (event.target instanceof HTMLElement && event.target.closest('button, a'))) return false;
      return play();
    },
  });
}
