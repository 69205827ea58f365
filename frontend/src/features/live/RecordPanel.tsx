import { Autocomplete, Box, Button, Group, NumberInput, Paper, Progress, SegmentedControl, Stack, Switch, Text, Title } from '@mantine/core';
import { useHotkeys, useLocalStorage } from '@mantine/hooks';
import { IconPlayerRecordFilled } from '@tabler/icons-react';
import { duration } from 'lib/format';
import classes from './live.module.css';
import type { Plan } from './recorder';
import type { LiveSession, Snapshot } from './session';

interface Props {
  session: LiveSession;
  snapshot: Snapshot;
  labels: string[];
  mayRecord: boolean;
}

interface Form {
  label: string;
  mode: 'seconds' | 'stop';
  seconds: number;
  countdown: boolean;
  cut: boolean;
  piece_s: number;
}

const FIRST: Form = { label: '', mode: 'seconds', seconds: 10, countdown: true, cut: false, piece_s: 2 };
const COUNTDOWN_S = 3;

export function planOf(form: Form): Plan {
  const seconds = form.mode === 'seconds' ? form.seconds : null;
  return {
    label: form.label.trim(),
    seconds,
    countdown_s: form.countdown ? COUNTDOWN_S : 0,
    piece_s: form.cut && (seconds === null || form.piece_s < seconds) ? form.piece_s : null,
  };
}

/** Why recording cannot start; null when it can. */
function obstacle({ snapshot, mayRecord }: Props, form: Form): string | null {
  if (!mayRecord) return 'Viewers cannot record.';
  if (snapshot.phase !== 'streaming') return 'Waiting for readings.';
  if (snapshot.rateHz === null) return 'Measuring the rate.';
  if (form.mode === 'seconds' && !(form.seconds > 0)) return 'Give a length.';
  if (form.cut && !(form.piece_s > 0)) return 'Give the length of a piece.';
  return null;
}

/** While it runs: how far, and the way to stop. */
function Running({ session, snapshot }: Pick<Props, 'session' | 'snapshot'>) {
  const { phase, countdown_s, elapsed_s, plan } = snapshot.recorder;
  if (phase === 'countdown') {
    return (
      <Stack gap="xs" align="center" py="xs">
        <Text size="sm" c="dimmed">
          Recording {plan?.label ? `“${plan.label}”` : 'without a label'} in
        </Text>
        <Text fz={44} fw={600} lh={1} className="tabular" aria-live="assertive">
          {Math.ceil(countdown_s)}
        </Text>
        <Button variant="default" fullWidth onClick={() => session.cancelRecording()}>
          Cancel
        </Button>
      </Stack>
    );
  }
  const total = plan?.seconds ?? null;
  return (
    <Stack gap="xs">
      <Group gap="xs" wrap="nowrap">
        <span className={classes.pulse} />
        <Text size="sm" fw={600} className="truncate" title={plan?.label}>
          {plan?.label || 'No label'}
        </Text>
        <Text size="sm" c="dimmed" className="tabular" ml="auto" style={{ whiteSpace: 'nowrap' }}>
          {elapsed_s.toFixed(1)} s{total !== null && ` of ${duration(total)}`}
        </Text>
      </Group>
      {total !== null && <Progress value={(100 * elapsed_s) / total} color="red" size="sm" aria-label="Recording" />}
      <Group grow gap="xs">
        <Button color="red" px="xs" onClick={() => session.finishRecording()}>
          Stop and keep
        </Button>
        <Button variant="default" onClick={() => session.cancelRecording()}>
          Discard
        </Button>
      </Group>
    </Stack>
  );
}

function PlanForm({ form, set, labels }: { form: Form; set: (changes: Partial<Form>) => void; labels: string[] }) {
  return (
    <>
      <Autocomplete
        label="Label"
        placeholder="For example: wave"
        data={labels}
        value={form.label}
        onChange={(label) => set({ label })}
        maxLength={120}
        comboboxProps={{ withinPortal: true }}
      />
      <Box>
        <SegmentedControl
          fullWidth
          size="xs"
          value={form.mode}
          onChange={(mode) => set({ mode: mode as Form['mode'] })}
          data={[
            { value: 'seconds', label: 'For a time' },
            { value: 'stop', label: 'Until I stop' },
          ]}
        />
        {form.mode === 'seconds' && (
          <NumberInput
            mt="xs"
            aria-label="Length in seconds"
            suffix=" s"
            min={0.1}
            max={3600}
            decimalScale={2}
            value={form.seconds}
            onChange={(value) => set({ seconds: Number(value) })}
          />
        )}
      </Box>
      <Switch label={`Count down ${COUNTDOWN_S} s`} checked={form.countdown} onChange={(event) => set({ countdown: event.currentTarget.checked })} />
      <Group gap="xs" wrap="nowrap" justify="space-between">
        <Switch label="Cut into pieces of" checked={form.cut} onChange={(event) => set({ cut: event.currentTarget.checked })} />
        <NumberInput
          w={92}
          size="xs"
          aria-label="Length of a piece in seconds"
          suffix=" s"
          min={0.1}
          max={600}
          decimalScale={2}
          hideControls
          disabled={!form.cut}
          value={form.piece_s}
          onChange={(value) => set({ piece_s: Number(value) })}
        />
      </Group>
    </>
  );
}

/** Records the stream with a label into the dataset. */
export function RecordPanel(props: Props) {
  const { session, snapshot, labels } = props;
  const [form, setForm] = useLocalStorage<Form>({ key: 'mote.live.record', defaultValue: FIRST });
  const set = (changes: Partial<Form>) => setForm((was) => ({ ...was, ...changes }));
  const running = snapshot.recorder.phase !== 'idle';
  const why = obstacle(props, form);
  const start = () => why === null && !running && session.record(planOf(form));
  useHotkeys([
    ['R', () => start()],
    ['S', () => running && session.finishRecording()],
  ]);
  return (
    <Paper p="md" className={running ? classes.recording : undefined}>
      <Title order={3} mb="sm">
        Record
      </Title>
      {running ? (
        <Running session={session} snapshot={snapshot} />
      ) : (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            start();
          }}
        >
          <Stack gap="sm">
            <PlanForm form={form} set={set} labels={labels} />
            <Button type="submit" color="red" leftSection={<IconPlayerRecordFilled size={16} />} disabled={why !== null}>
              Record
            </Button>
            <Text size="xs" c="dimmed" ta="center">
              {why ?? 'R records, S stops and keeps'}
            </Text>
          </Stack>
        </form>
      )}
    </Paper>
  );
}
