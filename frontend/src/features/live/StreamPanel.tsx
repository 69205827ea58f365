import { Badge, Button, Collapse, Group, NumberInput, Paper, Select, SimpleGrid, Stack, Text, TextInput, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconAdjustments } from '@tabler/icons-react';
import { useState } from 'react';
import { count, frequency, significant } from 'lib/format';
import type { Leading } from 'lib/numbers';
import type { Axis } from 'lib/types';
import classes from './live.module.css';
import type { LiveSession, Snapshot } from './session';

function Figure({ label, value, note, alarm }: { label: string; value: string; note?: string; alarm?: boolean }) {
  return (
    <div>
      <Text size="xs" c="dimmed">
        {label}
      </Text>
      <Text fw={600} className="tabular" c={alarm ? 'orange' : undefined}>
        {value}
      </Text>
      {note && (
        <Text size="xs" c="dimmed" lh={1.3}>
          {note}
        </Text>
      )}
    </div>
  );
}

const RATE_NOTE = { person: 'set by you', board: 'said by the board', measured: 'measured' };

function lostNote({ source, leading }: Snapshot): string {
  if (source === 'numbers' && leading === 'none') return 'cannot be seen without a time or sequence column';
  return '';
}

/** The figures of the stream: rate, jitter, what was lost. */
export function Figures({ snapshot }: { snapshot: Snapshot }) {
  const { measured, rateHz, rateFrom, lost, damaged, received, source, leading } = snapshot;
  // Bursts of the line make the rate by this computer's clock uncertain by some percent.
  const allowed = measured.clock === 'board' ? 0.02 : 0.06;
  const off = rateHz !== null && measured.rateHz !== null && Math.abs(measured.rateHz / rateHz - 1) > allowed;
  const unseen = source === 'numbers' && leading === 'none';
  return (
    <div className={classes.figures}>
      <Figure label="Rate" value={rateHz === null ? 'measuring' : frequency(rateHz)} note={RATE_NOTE[rateFrom]} />
      <Figure label="Measured" value={frequency(measured.rateHz)} alarm={off} note={off ? 'not the rate that is stored' : undefined} />
      <Figure
        label={measured.clock === 'board' ? 'Jitter' : 'Arrival jitter'}
        value={measured.jitterMs === null ? '–' : measured.jitterMs < 0.01 ? '< 0.01 ms' : `${significant(measured.jitterMs, 2)} ms`}
        note={measured.clock === 'board' ? "by the board's clock" : 'bursts of the line included'}
      />
      <Figure label="Lost readings" value={unseen ? '–' : count(lost)} alarm={lost > 0} note={lostNote(snapshot)} />
      <Figure label={source === 'mote' ? 'Damaged frames' : 'Damaged lines'} value={count(damaged)} alarm={damaged > 0} />
      <Figure label="Readings" value={count(received)} />
    </div>
  );
}

const LEADINGS: { value: Leading; label: string }[] = [
  { value: 'none', label: 'a value like the others' },
  { value: 'time_ms', label: 'time in ms' },
  { value: 'time_us', label: 'time in µs' },
  { value: 'time_s', label: 'time in s' },
  { value: 'sequence', label: 'a sequence number' },
];

const HOW = { header: 'named in the header', lines: 'seen in the lines', person: 'set by you', undecided: 'not decided yet' };

function CorrectForm({ session, snapshot, onDone }: { session: LiveSession; snapshot: Snapshot; onDone: () => void }) {
  const [axes, setAxes] = useState<Axis[]>(snapshot.axes);
  const [rateHz, setRateHz] = useState<number | ''>(snapshot.rateHz ?? '');
  const change = (at: number, changes: Partial<Axis>) => setAxes((was) => was.map((axis, index) => (index === at ? { ...axis, ...changes } : axis)));
  const isNumbers = snapshot.source === 'numbers';
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        const rate = rateHz === '' ? {} : { rateHz }; // what is applied stays, however the measurement goes on
        session.correct(isNumbers ? { axes: axes.map(({ name, unit }, at) => ({ name: name.trim() || `value${at + 1}`, unit: unit.trim() })), ...rate } : rate);
        onDone();
      }}
    >
      <Stack gap="sm" mt="md">
        {isNumbers && (
          <Select
            label="The first column is"
            description={HOW[snapshot.leadingFrom]}
            inputWrapperOrder={['label', 'input', 'description']}
            maw={320}
            data={LEADINGS}
            value={snapshot.leading}
            onChange={(leading) => {
              if (!leading) return;
              session.correct({ leading: leading as Leading, axes: undefined });
              onDone();
            }}
          />
        )}
        {isNumbers && (
          <SimpleGrid cols={{ base: 1, xs: 2, md: 3 }} spacing="sm">
            {axes.map((axis, at) => (
              <Group key={at} gap={6} wrap="nowrap" align="flex-end">
                <TextInput label={`Name ${at + 1}`} value={axis.name} maxLength={80} onChange={(event) => change(at, { name: event.currentTarget.value })} style={{ flex: 2 }} />
                <TextInput label="Unit" value={axis.unit} maxLength={40} placeholder="g" onChange={(event) => change(at, { unit: event.currentTarget.value })} style={{ flex: 1 }} />
              </Group>
            ))}
          </SimpleGrid>
        )}
        <NumberInput
          label="Rate of the recordings"
          description={`Measured: ${frequency(snapshot.measured.rateHz)}. Recordings of one project need one rate.`}
          inputWrapperOrder={['label', 'input', 'description']}
          maw={320}
          suffix=" Hz"
          min={0.01}
          max={1_000_000}
          hideControls
          value={rateHz}
          onChange={(value) => setRateHz(value === '' ? '' : Number(value))}
        />
        <Group>
          <Button type="submit" size="sm">
            Apply
          </Button>
          <Button size="sm" variant="default" onClick={onDone}>
            Cancel
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** Who is connected, how the stream does, and the form to correct what was understood. */
export function StreamPanel({ session, snapshot }: { session: LiveSession; snapshot: Snapshot }) {
  const [open, { toggle, close }] = useDisclosure(false);
  const { hello, source } = snapshot;
  return (
    <Paper p="md">
      <Group justify="space-between" mb="md" gap="xs">
        <Group gap="xs" style={{ minWidth: 0 }}>
          <Title order={3} className="truncate">
            {source === 'mote' ? hello?.board : 'Sketch that prints numbers'}
          </Title>
          {hello && (
            <Text size="sm" c="dimmed">
              Mote {hello.firmware}
            </Text>
          )}
          {hello?.source?.synthetic && (
            <Badge variant="light" color="yellow" tt="none" title={hello.source.help}>
              Synthetic signal
            </Badge>
          )}
          {hello?.kind === 'data_collection' && (
            <Badge variant="light" tt="none">
              Data collection
            </Badge>
          )}
        </Group>
        <Button size="compact-sm" variant="subtle" leftSection={<IconAdjustments size={14} />} onClick={toggle} aria-expanded={open} disabled={source === null}>
          Correct names and rate
        </Button>
      </Group>
      <Figures snapshot={snapshot} />
      <Collapse in={open}>{open && <CorrectForm session={session} snapshot={snapshot} onDone={close} />}</Collapse>
    </Paper>
  );
}
