import { ActionIcon, Alert, Button, Paper, Skeleton, Stack, Stepper } from '@mantine/core';
import { useDisclosure, useMediaQuery } from '@mantine/hooks';
import { IconArrowLeft, IconTrash } from '@tabler/icons-react';
import { Link, useNavigate, useParams } from 'react-router';
import { ConfirmDialog } from 'components/ConfirmDialog';
import { ErrorCard } from 'components/ErrorCard';
import { JobProgress } from 'components/job/JobProgress';
import { isOver, useJob, type JobRow } from 'components/job/jobs';
import { LogCard } from 'components/job/LogCard';
import { StateBadge } from 'components/job/StateBadge';
import { PageHeader } from 'components/PageHeader';
import { dateTime } from 'lib/format';
import { useOpenProject } from 'lib/projects';
import type { Id } from 'lib/types';
import { useBoards, useDeleteDeployment, useDeployment, useTargets } from './api';
import { VerdictBadge } from './DeploymentsPage';
import { FilesCard } from './FilesCard';
import { ReportView, Verdict } from './ReportView';
import { STAGES, stageOf, windowsOf } from './stages';

/** Where a build is, from the first compiler call to the last window. */
function Stages({ job, verified }: { job: JobRow; verified: boolean }) {
  const narrow = useMediaQuery('(max-width: 48em)');
  const windows = windowsOf(job.message);
  const shown = verified ? STAGES : (['Compile', 'Done'] as const);
  const active = verified ? stageOf(job) : job.state === 'done' ? 2 : 0;
  return (
    <Stepper active={active} size="sm" orientation={narrow ? 'vertical' : 'horizontal'} allowNextStepsSelect={false}>
      {shown.map((stage) => (
        <Stepper.Step
          key={stage}
          label={stage}
          description={stage === 'Verify windows' && windows ? `${windows[0]} of ${windows[1]}` : undefined}
          loading={job.state === 'running' && shown[active] === stage}
        />
      ))}
    </Stepper>
  );
}

function DeleteButton({ projectId, id }: { projectId: Id; id: Id }) {
  const [open, { open: ask, close }] = useDisclosure(false);
  const remove = useDeleteDeployment(projectId);
  const navigate = useNavigate();
  return (
    <>
      <Button variant="default" leftSection={<IconTrash size={16} />} onClick={ask}>
        Delete
      </Button>
      <ConfirmDialog
        opened={open}
        title="Delete this deployment?"
        confirm="Delete"
        busy={remove.isPending}
        onConfirm={() => remove.mutate(id, { onSuccess: () => void navigate(`/projects/${projectId}/deployments`) })}
        onClose={close}
      >
        Its files and its report go with it. The training stays.
      </ConfirmDialog>
    </>
  );
}

/** One deployment: its stages while it is built, then the report and the files. */
export function DeploymentPage() {
  const { projectId, may } = useOpenProject();
  const { deploymentId = '' } = useParams();
  const { data: deployment, error, refetch } = useDeployment(projectId, deploymentId);
  const boards = useBoards();
  const targets = useTargets();
  const fresh = useJob(projectId, deployment?.job?.id);
  const back = (
    <ActionIcon component={Link} to={`/projects/${projectId}/deployments`} variant="subtle" color="gray" size="lg" aria-label="All deployments">
      <IconArrowLeft size={18} />
    </ActionIcon>
  );
  if (error || !deployment) {
    return (
      <>
        <PageHeader title="Deployment" back={back} />
        {error ? <ErrorCard error={error} retry={() => void refetch()} /> : <Skeleton h={260} />}
      </>
    );
  }
  const job = fresh.data ?? deployment.job;
  const board = boards.data?.items.find((one) => one.name === deployment.board);
  const target = targets.data?.items.find((one) => one.name === deployment.target);
  const { report } = deployment;
  const isVerified = Boolean(target?.needs_model && target.needs_board);
  const parts = [board?.title ?? deployment.board, deployment.training_number && `Training ${deployment.training_number}`, dateTime(deployment.created_at)];

  return (
    <>
      <PageHeader
        back={back}
        title={`${target?.title ?? deployment.target} ${deployment.number}`}
        description={parts.filter(Boolean).join(', ')}
        actions={
          <>
            {report ? <VerdictBadge verdict={report.verdict} /> : <StateBadge state={deployment.state} />}
            {isOver(deployment.state) && may('editor') && <DeleteButton projectId={projectId} id={deployment.id} />}
          </>
        }
      />
      <Stack>
        {job && deployment.state !== 'done' && (
          <Paper p="md">
            <Stack>
              <Stages job={job} verified={isVerified} />
              <JobProgress projectId={projectId} job={job} mayControl={may('editor')} />
            </Stack>
          </Paper>
        )}
        {deployment.notes.map((note) => (
          <Alert key={note} color="orange">
            {note}
          </Alert>
        ))}
        {report && <Verdict report={report} />}
        {isOver(deployment.state) && deployment.files.length > 0 && (
          <FilesCard
            projectId={projectId}
            deploymentId={deployment.id}
            files={deployment.files}
            needsConsent={deployment.needs_consent}
            failed={report?.verdict === 'fail'}
            board={board}
          />
        )}
        {report && <ReportView report={report} />}
        {job && <LogCard projectId={projectId} job={job} />}
      </Stack>
    </>
  );
}
