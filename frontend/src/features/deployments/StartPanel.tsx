import { Alert, Anchor, Button, Code, Group, Paper, Radio, Select, Stack, Text, Title } from '@mantine/core';
import { IconHammer } from '@tabler/icons-react';
import { useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { ErrorCard } from 'components/ErrorCard';
import { ago, bytes, frequency, percent } from 'lib/format';
import type { Id, Tool } from 'lib/types';
import { useStartDeployment, type Board, type Target, type TrainingChoice } from './api';
import classes from './deployments.module.css';

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

/** What of this page is off on this server, and how to get it. */
export function ToolNotes({ tools }: { tools: Tool[] }) {
  const missing = tools.filter((tool) => !tool.available && /gcc|qemu|build|redis/i.test(tool.name));
  return (
    <>
      {missing.map((tool) => (
        <Alert key={tool.name} color="orange" title={`${tool.name} is missing on this server`}>
          <Stack gap={4}>
            <Text size="sm">{tool.what_is_off}</Text>
            <Text size="sm">
              To get it: <Code>{tool.how_to_get}</Code>
            </Text>
          </Stack>
        </Alert>
      ))}
    </>
  );
}

/** What most come for stands first. */
const ORDER = ['firmware', 'data_collection', 'c_library'];
const place = (target: Target) => (ORDER.includes(target.name) ? ORDER.indexOf(target.name) : ORDER.length);
const sortTargets = (targets: Target[]) => [...targets].sort((a, b) => place(a) - place(b));

const boardFacts = (board: Board) => `${board.core}, ${frequency(board.clock_hz)}, ${bytes(board.flash_bytes)} flash, ${bytes(board.ram_bytes)} RAM`;

const trainingWords = (one: TrainingChoice) => `Training ${one.number}: ${percent(one.int8_accuracy)} int8, ${bytes(one.int8_bytes)}, ${ago(one.created_at)}`;

interface Props {
  projectId: Id;
  boards: Board[];
  targets: Target[];
  trainings: TrainingChoice[];
  tools: Tool[];
  /** From the address: what another page asked for. */
  wanted: { training: string | null; target: string | null };
}

/** Which model, as what, for which board; then it is built and proven. */
export function StartPanel({ projectId, boards, targets, trainings, tools, wanted }: Props) {
  const navigate = useNavigate();
  const start = useStartDeployment(projectId);
  const [trainingId, setTraining] = useState<Id | null>(wanted.training ?? trainings[0]?.id ?? null);
  const usable = (target: Target) => !target.needs_model || trainings.length > 0;
  const first = targets.find((one) => one.name === wanted.target) ?? targets.find((one) => one.name === 'firmware' && usable(one)) ?? targets.find(usable);
  const [targetName, setTarget] = useState<string | null>(first?.name ?? null);
  const [boardName, setBoard] = useState<string | null>(boards[0]?.name ?? null);
  const target = targets.find((one) => one.name === targetName);
  const noCompiler = tools.some((tool) => !tool.available && /gcc/i.test(tool.name));
  const blocked = !target || (target.needs_board && noCompiler) || (target.needs_model && !trainingId);

  const begin = () => {
    if (!target) return;
    const body = { training_id: target.needs_model ? trainingId : null, target: target.name, board: target.needs_board ? boardName : null };
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
              help: board.emulated ? board.help : `${board.help} It cannot be verified: there is no emulator of it.`,
              facts: boardFacts(board),
            }))}
          />
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
