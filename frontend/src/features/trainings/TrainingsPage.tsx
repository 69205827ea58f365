import { Anchor, Button, Checkbox, Group, Paper, Skeleton, Stack, Table, Text, Title } from '@mantine/core';
import { IconBrain, IconTimeline, IconWaveSine } from '@tabler/icons-react';
import { useState } from 'react';
import { Link } from 'react-router';
import { EmptyState } from 'components/EmptyState';
import { ErrorCard } from 'components/ErrorCard';
import { isOver, ranFor } from 'components/job/jobs';
import { StateBadge } from 'components/job/StateBadge';
import { PageHeader } from 'components/PageHeader';
import { ago, dateTime, duration, percent } from 'lib/format';
import { pipelineWords, useCatalogue, usePipeline, type Catalogue } from 'lib/pipeline';
import { useOpenProject } from 'lib/projects';
import type { Id } from 'lib/types';
import { useTraining, useTrainings, type TrainingRow } from './api';
import { compareRows, toggleChosen } from './compare';
import { StartPanel } from './StartPanel';
import classes from './trainings.module.css';

function Figure({ name, value, isFirst }: { name: string; value: string; isFirst?: boolean }) {
  return (
    <div className={isFirst ? classes.first : undefined}>
      <Text size="xs" c="dimmed">
        {name}
      </Text>
      <Text size="sm" fw={600} className="tabular">
        {value}
      </Text>
    </div>
  );
}

interface RunProps {
  training: TrainingRow;
  catalogue: Catalogue | undefined;
  chosen: boolean;
  onChoose: () => void;
}

/** What there is to say about time: how long it took, or how far it is. */
function progressWords({ state, job }: TrainingRow): string {
  if (state === 'done') return job ? duration(Math.round(ranFor(job, Date.now()) ?? 0)) : '';
  if (isOver(state) || !job) return '';
  return state === 'queued' ? 'waiting' : percent(job.progress, 0);
}

function Run({ training, catalogue, chosen, onChoose }: RunProps) {
  const { state } = training;
  return (
    <Paper p="md" component="li">
      <div className={classes.row}>
        <Checkbox aria-label="Compare this run" checked={chosen} onChange={onChoose} disabled={state !== 'done'} />
        <div className={classes.main} style={{ minWidth: 0 }}>
          <Group gap="xs" wrap="nowrap">
            <Anchor component={Link} to={training.id} fw={600} style={{ whiteSpace: 'nowrap' }}>
              Training {training.number}
            </Anchor>
            <StateBadge state={state} />
            <Text size="sm" c="dimmed" style={{ whiteSpace: 'nowrap' }} title={dateTime(training.created_at)}>
              {ago(training.created_at)}
            </Text>
          </Group>
          <Text size="sm" c={training.job?.error ? 'red' : 'dimmed'} lineClamp={2}>
            {training.job?.error ? training.job.error.message : pipelineWords(training.pipeline, catalogue)}
          </Text>
        </div>
        <Figure isFirst name="int8" value={percent(training.int8_accuracy)} />
        <Figure name="float32" value={percent(training.float32_accuracy)} />
        <Text size="sm" c="dimmed" className={classes.end} style={{ whiteSpace: 'nowrap' }}>
          {progressWords(training)}
        </Text>
      </div>
    </Paper>
  );
}

function Compare({ projectId, ids, catalogue }: { projectId: Id; ids: [Id, Id]; catalogue: Catalogue | undefined }) {
  const [one, other] = [useTraining(projectId, ids[0]).data, useTraining(projectId, ids[1]).data];
  if (!one || !other) return <Skeleton h={200} />;
  const trainings = [one, other];
  return (
    <Paper p="md">
      <Title order={2} mb="sm">
        Compared
      </Title>
      <Table.ScrollContainer minWidth={420}>
        <Table verticalSpacing={6}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th />
              {trainings.map((one) => (
                <Table.Th key={one.id}>
                  <Anchor component={Link} to={one.id} size="sm" fw={600}>
                    Training {one.number}
                  </Anchor>
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {compareRows(trainings, catalogue).map((row) => (
              <Table.Tr key={row.name}>
                <Table.Td c="dimmed">{row.name}</Table.Td>
                {row.values.map((value, at) => (
                  <Table.Td key={trainings[at].id} fw={row.differs ? 600 : 400} className="tabular">
                    {value}
                  </Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Paper>
  );
}

/** Why no training can be started yet, and the way there; null when nothing is in the way. */
function useObstacle(projectId: Id) {
  const { project } = useOpenProject();
  if (!project) return null;
  const { samples, training, labels } = project.counts;
  const [title, text] =
    samples === 0
      ? ['First some recordings', 'A training needs labelled recordings of at least two kinds.']
      : labels < 2
        ? ['At least two labels', 'A classifier tells labels apart: label some recordings as one thing and some as another.']
        : training === 0
          ? ['Nothing to train on', 'All samples are in the testing split: move some to training.']
          : ['', ''];
  if (!title) return null;
  return (
    <EmptyState icon={IconWaveSine} title={title} action={<Button component={Link} to={`/projects/${projectId}/samples`}>Go to the data</Button>}>
      {text}
    </EmptyState>
  );
}

/** All runs of the project, newest first. */
export function TrainingsPage() {
  const { projectId, may } = useOpenProject();
  const trainings = useTrainings(projectId);
  const pipeline = usePipeline(projectId);
  const catalogue = useCatalogue();
  const [chosen, setChosen] = useState<Id[]>([]);
  const obstacle = useObstacle(projectId);
  const items = trainings.data?.items ?? [];
  const error = trainings.error ?? pipeline.error ?? catalogue.error;

  return (
    <>
      <PageHeader title="Training" description="Each run keeps its data's hash, its pipeline and its seed: it can be made again." />
      <Stack>
        {error && <ErrorCard error={error} retry={() => void trainings.refetch()} />}
        {obstacle}
        {!obstacle && may('editor') && pipeline.data?.pipeline && catalogue.data && (
          <StartPanel projectId={projectId} pipeline={pipeline.data.pipeline} catalogue={catalogue.data} />
        )}
        {!obstacle && pipeline.data?.pipeline === null && (
          <EmptyState
            icon={IconTimeline}
            title="Choose a pipeline first"
            action={
              <Button component={Link} to={`/projects/${projectId}/pipeline`}>
                Go to the pipeline
              </Button>
            }
          >
            One is suggested from your data; look at what it makes of a sample, and save it.
          </EmptyState>
        )}
        {chosen.length === 2 && <Compare projectId={projectId} ids={[chosen[0], chosen[1]]} catalogue={catalogue.data} />}
        {trainings.isPending && <Skeleton h={140} />}
        {trainings.data && items.length === 0 && !obstacle && pipeline.data?.pipeline && (
          <EmptyState icon={IconBrain} title="No training yet">
            Start one above: it runs on the server, shows its progress live, and ends with an int8 model and its accuracy on your testing samples.
          </EmptyState>
        )}
        {items.length > 1 && (
          <Text size="sm" c="dimmed">
            Tick two finished runs to compare them.
          </Text>
        )}
        <Stack gap="sm" component="ul" p={0} m={0} style={{ listStyle: 'none' }}>
          {items.map((one) => (
            <Run
              key={one.id}
              training={one}
              catalogue={catalogue.data}
              chosen={chosen.includes(one.id)}
              onChoose={() => setChosen((was) => toggleChosen(was, one.id))}
            />
          ))}
        </Stack>
      </Stack>
    </>
  );
}
