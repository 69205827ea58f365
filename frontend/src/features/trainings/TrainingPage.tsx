import { ActionIcon, Alert, Button, Paper, Skeleton, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconArrowLeft, IconCpu, IconTrash } from '@tabler/icons-react';
import { Link, useNavigate, useParams } from 'react-router';
import { ConfirmDialog } from 'components/ConfirmDialog';
import { ErrorCard } from 'components/ErrorCard';
import { JobProgress } from 'components/job/JobProgress';
import { isOver, useJob } from 'components/job/jobs';
import { LogCard } from 'components/job/LogCard';
import { StateBadge } from 'components/job/StateBadge';
import { PageHeader } from 'components/PageHeader';
import { dateTime, duration } from 'lib/format';
import { pipelineWords, useCatalogue } from 'lib/pipeline';
import { useOpenProject } from 'lib/projects';
import type { Id } from 'lib/types';
import { useDeleteTraining, useTraining, type Training } from './api';
import { EpochChart } from './EpochChart';
import { Result } from './Result';
import classes from './trainings.module.css';

/** The curves, and what they tell in a sentence. */
function Curves({ training }: { training: Training }) {
  const { history, state, best_epoch } = training;
  const last = history[history.length - 1];
  if (!last) return null;
  const running = !isOver(state);
  const words = running
    ? `Epoch ${last.epoch} of ${last.epochs}${last.seconds_left > 0 ? `, at most ${duration(Math.ceil(last.seconds_left))} left; it may stop sooner` : ''}`
    : `${last.epoch} of ${last.epochs} epochs${best_epoch ? `, the best was epoch ${best_epoch}` : ''}`;
  return (
    <Paper p="md">
      <Text size="sm" c="dimmed" mb="sm" role="status">
        {words}
      </Text>
      <div className={classes.charts}>
        <EpochChart history={history} measure="accuracy" epochs={running ? last.epochs : last.epoch} />
        <EpochChart history={history} measure="loss" epochs={running ? last.epochs : last.epoch} />
      </div>
    </Paper>
  );
}

function DeleteButton({ projectId, id }: { projectId: Id; id: Id }) {
  const [open, { open: ask, close }] = useDisclosure(false);
  const remove = useDeleteTraining(projectId);
  const navigate = useNavigate();
  return (
    <>
      <Button variant="default" leftSection={<IconTrash size={16} />} onClick={ask}>
        Delete
      </Button>
      <ConfirmDialog
        opened={open}
        title="Delete this training?"
        confirm="Delete"
        busy={remove.isPending}
        onConfirm={() => remove.mutate(id, { onSuccess: () => void navigate(`/projects/${projectId}/trainings`) })}
        onClose={close}
      >
        Its models and its log go with it. Deployments that were built from it stay.
      </ConfirmDialog>
    </>
  );
}

/** One run: live while it runs, then its result. */
export function TrainingPage() {
  const { projectId, may } = useOpenProject();
  const { trainingId = '' } = useParams();
  const { data: training, error, refetch } = useTraining(projectId, trainingId);
  const catalogue = useCatalogue();
  const fresh = useJob(projectId, training?.job?.id);
  const back = (
    <ActionIcon component={Link} to={`/projects/${projectId}/trainings`} variant="subtle" color="gray" size="lg" aria-label="All trainings">
      <IconArrowLeft size={18} />
    </ActionIcon>
  );
  if (error) {
    return (
      <>
        <PageHeader title="Training" back={back} />
        <ErrorCard error={error} retry={() => void refetch()} />
      </>
    );
  }
  if (!training) {
    return (
      <>
        <PageHeader title="Training" back={back} />
        <Skeleton h={220} />
      </>
    );
  }
  const over = isOver(training.state);
  const job = fresh.data ?? training.job;
  return (
    <>
      <PageHeader
        back={back}
        title={`Training ${training.number}`}
        description={pipelineWords(training.pipeline, catalogue.data)}
        actions={
          <>
            <Text size="sm" c="dimmed">
              {dateTime(training.created_at)}
            </Text>
            <StateBadge state={training.state} />
            {over && may('editor') && <DeleteButton projectId={projectId} id={training.id} />}
            {training.state === 'done' && may('editor') && (
              <Button component={Link} to={`/projects/${projectId}/deployments?training=${training.id}`} leftSection={<IconCpu size={16} />}>
                Build firmware
              </Button>
            )}
          </>
        }
      />
      <Stack>
        {job && training.state !== 'done' && (
          <Paper p="md">
            <JobProgress projectId={projectId} job={job} mayControl={may('editor')} hideLeft={training.history.length > 0} />
          </Paper>
        )}
        {training.warnings.map((warning) => (
          <Alert key={warning} color="orange">
            {warning}
          </Alert>
        ))}
        <Result projectId={projectId} training={training} catalogue={catalogue.data} />
        <Curves training={training} />
        {job && <LogCard projectId={projectId} job={job} />}
      </Stack>
    </>
  );
}
