import { Alert, Anchor, Button, Group, NumberInput, Paper, Radio, Select, SimpleGrid, Stack, Text, TextInput, Title } from '@mantine/core';
import { IconHammer } from '@tabler/icons-react';
import { useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { ErrorCard } from 'components/ErrorCard';
import { ago, bytes, frequency, percent } from 'lib/format';
import type { Axis, Id, Tool } from 'lib/types';
import { useStartDeployment, type Board, type Target, type TrainingChoice } from './api';
import classes from './deployments.module.css';
import { parseAxes } from './stages';

interface Choice {
  name: string;
  title: string;
  help: string;
  facts?: string;
  /** Why it cannot be chosen. */
  off?: string;
}

function Cards({ label, choices, value, onChange }: { label: string; choices: Choice[]; value: string | null; onChange: (name: string) => void }) {
  return (
    <Radio.Group label={label} value={value} onChange={onChange}>
      <div className={classes.choices} style={{ marginTop: 6 }}>
        {choices.map((choice) => (
          <Radio.Card key={choice.name} value={choice.name} className={classes.choice} disabled={Boolean(choice.off)} data-disabled={choice.off ? true : undefined}>
            <Group wrap="nowrap" align="flex-start" gap="sm">
              <Radio.Indicator mt={2} />
              <div style={{ minWidth: 0 }}>
                <Text size="sm" fw={600}>
                  {choice.title}
                </Text>
                {choice.facts && (
                  <Text size="xs" className="tabular">
                    {choice.facts}
                  </Text>
                )}
                <Text size="xs" c="dimmed" mt={2}>
                  {choice.off ?? choice.help}
                </Text>
              </div>
            </Group>
          </Radio.Card>
        ))}
      </div>
    </Radio.Group>
  );
}

/** What is off on this server, and how to get it; the boards themselves know what they need. */
export function ToolNotes({ boards, tools }: { boards: Board[]; tools: Tool[] }) {
  const missing = Array.from(new Set(boards.map((board) => board.what_is_off).filter(Boolean)));
  const worker = tools.find((tool) => !tool.available && /build worker|redis/i.test(tool.name));
  return (
    <>
      {missing.map((text) => (
        <Alert key={text} color="orange" title="Something is missing on this server">
          {text}
        </Alert>
      ))}
      {worker && (
        <Alert color="orange" title={`No ${worker.name} is running`}>
          {worker.what_is_off} {worker.how_to_get}
        </Alert>
      )}
    </>
  );
}

/** What most come for stands first. */
const ORDER = ['firmware', 'data_collection', 'c_library'];
const place = (target: Target) => (ORDER.includes(target.name) ? ORDER.indexOf(target.name) : ORDER.length);
const sortTargets = (targets: Target[]) => [...targets].sort((a, b) => place(a) - place(b));

const boardFacts = (board: Board) => `${board.core}, ${frequency(board.clock_hz)}, ${bytes(board.flash_bytes)} flash, ${bytes(board.ram_bytes)} RAM`;

const trainingWords = (one: TrainingChoice) => `Training ${one.number}: ${percent(one.int8_accuracy)} int8, ${ago(one.created_at)}`;

interface Props {
  projectId: Id;
  boards: Board[];
  targets: Target[];
  trainings: TrainingChoice[];
  /** Rate and axes of the project's samples; null and [] while it has none. */
  readings: { rate_hz: number | null; axes: Axis[] };
  /** From the address: what another page asked for. */
  wanted: { training: string | null; target: string | null };
}

/** Which model, as what, for which board; then it is built and proven. */
export function StartPanel({ projectId, boards, targets, trainings, readings, wanted }: Props) {
  const navigate = useNavigate();
  const start = useStartDeployment(projectId);
  const [trainingId, setTraining] = useState<Id | null>(wanted.training ?? trainings[0]?.id ?? null);
  const usable = (target: Target) => !target.needs_model || trainings.length > 0;
  const first = targets.find((one) => one.name === wanted.target) ?? targets.find((one) => one.name === 'firmware' && usable(one)) ?? targets.find(usable);
  const [targetName, setTarget] = useState<string | null>(first?.name ?? null);
  const [boardName, setBoard] = useState<string | null>(boards[0]?.name ?? null);
  const [sensorName, setSensor] = useState<string>('');
  const [rateHz, setRate] = useState<number | ''>(readings.rate_hz ?? 100);
  const [axesText, setAxes] = useState('x [m/s2], y [m/s2], z [m/s2]');
  const target = targets.find((one) => one.name === targetName);
  const board = boards.find((one) => one.name === boardName);
  const sensors = board?.sensors ?? [];
  const sensor = sensors.find((one) => one.name === sensorName) ?? sensors[0];
  // Firmware that only records needs no samples before it, and then nobody has said yet what it is to measure.
  const asksReadings = target !== undefined && !target.needs_model && (readings.rate_hz === null || readings.axes.length === 0);
  const axes = parseAxes(axesText);
  const blocked =
    !target || (target.needs_board && !board?.can_build) || (target.needs_model && !trainingId) || (asksReadings && (!axes || axes.length === 0 || !rateHz));

  const begin = () => {
    if (!target) return;
    const body = {
      target: target.name,
      training_id: target.needs_model ? trainingId : null,
      board: target.needs_board ? boardName : null,
      sensor: target.needs_board ? (sensor?.name ?? '') : '',
      ...(asksReadings && axes ? { rate_hz: Number(rateHz), axes } : {}),
    };
    start.mutate(body, { onSuccess: ({ deployment }) => void navigate(`/projects/${projectId}/deployments/${deployment.id}`) });
  };

  return (
    <Paper p="md">
      <Stack>
        <Title order={2}>New deployment</Title>
        <Cards
          label="What to make"
          value={targetName}
          onChange={setTarget}
          choices={sortTargets(targets).map((one) => ({ ...one, off: usable(one) ? undefined : 'Needs a finished training' }))}
        />
        {target?.needs_model &&
          (trainings.length > 0 ? (
            <Select
              label="Model"
              data={trainings.map((one) => ({ value: one.id, label: trainingWords(one) }))}
              value={trainingId}
              onChange={setTraining}
              maw={520}
            />
          ) : (
            <Text size="sm">
              There is no finished training yet.{' '}
              <Anchor component={Link} to={`/projects/${projectId}/trainings`} size="sm">
                Start one
              </Anchor>
            </Text>
          ))}
        {target?.needs_board && (
          <Cards
            label="Board"
            value={boardName}
            onChange={setBoard}
            choices={boards.map((board) => ({
              name: board.name,
              title: board.title,
              help: board.help,
              facts: boardFacts(board),
              off: board.can_build ? undefined : board.what_is_off,
            }))}
          />
        )}
        {target?.needs_board && sensor && (
          <Select
            label="Sensor"
            description={sensor.synthetic ? `${sensor.help} Its readings mean nothing.` : sensor.help}
            inputWrapperOrder={['label', 'input', 'description']}
            data={sensors.map((one) => ({ value: one.name, label: one.synthetic ? `${one.name} (a signal generator)` : one.name }))}
            value={sensor.name}
            onChange={(name) => setSensor(name ?? '')}
            maw={520}
          />
        )}
        {asksReadings && (
          <SimpleGrid cols={{ base: 1, xs: 2 }} maw={520}>
            <TextInput
              label="Axes"
              description="Names with units, separated by commas"
              inputWrapperOrder={['label', 'input', 'description', 'error']}
              value={axesText}
              error={axes === null ? 'Names, with a unit in brackets if they have one' : undefined}
              onChange={(event) => setAxes(event.currentTarget.value)}
            />
            <NumberInput label="Rate" suffix=" Hz" min={0.1} max={sensor?.max_rate_hz} hideControls value={rateHz} onChange={(value) => setRate(value === '' ? '' : Number(value))} />
          </SimpleGrid>
        )}
        {start.error && <ErrorCard error={start.error} />}
        <Group justify="flex-end">
          <Button leftSection={<IconHammer size={16} />} disabled={blocked} loading={start.isPending} onClick={begin}>
            {target?.needs_board && target.needs_model ? 'Build and verify' : 'Build'}
          </Button>
        </Group>
      </Stack>
    </Paper>
  );
}
