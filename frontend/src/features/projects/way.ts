/** The four steps of a project: where it stands and what comes next. */
import { useQuery } from '@tanstack/react-query';
import { api } from 'lib/api';
import { duration, percent, plural } from 'lib/format';
import { projectKeys } from 'lib/projects';
import type { Id, JobState, Page, Project, Schemas } from 'lib/types';
import { signalFacts } from './ProjectCard';

export type StepName = 'samples' | 'pipeline' | 'trainings' | 'deployments';
export type StepState = 'done' | 'next' | 'working' | 'later';

export interface Step {
  name: StepName;
  title: string;
  state: StepState;
  facts: string;
  action: string;
  /** Where the button leads, when not to the step's own page. */
  to?: string;
  badge?: string;
  badgeColor?: string;
}

type SavedPipeline = Pick<Schemas['PipelineOut'], 'pipeline'>;
type TrainingFacts = Pick<Schemas['TrainingOut'], 'id' | 'state'> & Partial<Schemas['TrainingOut']>;
type DeploymentFacts = Pick<Schemas['DeploymentOut'], 'id' | 'state'> & Partial<Schemas['DeploymentOut']>;

const working = (state: JobState) => state === 'queued' || state === 'running';

export function samplesStep(project: Project): Step {
  const { samples, training, testing, labels } = project.counts;
  const base = { name: 'samples' as const, title: 'Data' };
  if (samples === 0)
    return { ...base, state: 'next', facts: 'Upload recordings, or record from a board.', action: 'Add recordings' };
  const facts = [plural(samples, 'sample'), plural(labels, 'label'), signalFacts(project)].filter(Boolean).join(', ');
  if (labels < 2) return { ...base, state: 'next', facts: `${facts}. Training needs at least two labels.`, action: 'Label the data' };
  if (training === 0 || testing === 0) {
    const missing = testing === 0 ? 'testing' : 'training';
    return { ...base, state: 'next', facts: `${facts}. None is for ${missing}: split them.`, action: 'Split the data' };
  }
  return { ...base, state: 'done', facts: `${facts}; ${testing} for testing`, action: 'Look at the data' };
}

export function pipelineStep(saved: SavedPipeline | null | undefined, ready: boolean): Step {
  const base = { name: 'pipeline' as const, title: 'Pipeline' };
  const pipeline = saved?.pipeline;
  if (!pipeline)
    return { ...base, state: ready ? 'next' : 'later', facts: 'How recordings are cut and turned into features.', action: 'Set it up' };
  const blocks = pipeline.blocks.map((block) => block.block).join(' + ');
  return { ...base, state: 'done', facts: `Windows of ${duration(pipeline.window.length_ms / 1000)}, ${blocks}`, action: 'Open' };
}

export function trainingStep(latest: TrainingFacts | undefined, total: number, ready: boolean): Step {
  const base = { name: 'trainings' as const, title: 'Training' };
  if (!latest) return { ...base, state: ready ? 'next' : 'later', facts: 'Learns to tell the labels apart.', action: 'Train a model' };
  const to = `trainings/${latest.id}`;
  if (working(latest.state)) return { ...base, state: 'working', facts: 'A training is running.', action: 'Watch it', to, badge: 'Running', badgeColor: 'blue' };
  if (latest.state === 'done')
    return {
      ...base,
      state: 'done',
      to,
      facts: `${plural(total, 'training')}; the latest is right in ${percent(latest.int8_accuracy)} of the testing windows`,
      action: 'Open the latest',
    };
  const words = latest.state === 'failed' ? 'failed' : 'was cancelled';
  return { ...base, state: ready ? 'next' : 'later', facts: `The latest training ${words}.`, action: 'See why', to, badge: 'Failed', badgeColor: 'red' };
}

export function deploymentStep(latest: DeploymentFacts | undefined, ready: boolean): Step {
  const base = { name: 'deployments' as const, title: 'Deployment' };
  if (!latest)
    return { ...base, state: ready ? 'next' : 'later', facts: 'Firmware, proven in an emulator before you download it.', action: 'Build firmware' };
  const to = `deployments/${latest.id}`;
  if (working(latest.state)) return { ...base, state: 'working', facts: 'Firmware is being built.', action: 'Watch it', to, badge: 'Running', badgeColor: 'blue' };
  if (latest.verdict === 'pass')
    return { ...base, state: 'done', facts: `Firmware${latest.board ? ` for ${latest.board}` : ''} passed its verification`, action: 'Open', to, badge: 'Verified', badgeColor: 'teal' };
  return { ...base, state: 'next', facts: 'The latest build did not pass.', action: 'See why', to, badge: 'Not passed', badgeColor: 'red' };
}

/** All four, once enough is known to show them. */
export function useWay(projectId: Id, project: Project | undefined): Step[] | null {
  const pipeline = useQuery({
    queryKey: projectKeys.noun(projectId, 'pipeline'),
    queryFn: () => api.get<SavedPipeline>(`/projects/${projectId}/pipeline`),
  });
  const trainings = useQuery({
    queryKey: projectKeys.noun(projectId, 'trainings', 'latest'),
    queryFn: () => api.get<Page<TrainingFacts>>(`/projects/${projectId}/trainings`, { limit: 1 }),
  });
  const deployments = useQuery({
    queryKey: projectKeys.noun(projectId, 'deployments', 'latest'),
    queryFn: () => api.get<Page<DeploymentFacts>>(`/projects/${projectId}/deployments`, { limit: 1 }),
  });
  if (!project || [pipeline, trainings, deployments].some((query) => query.isPending)) return null;
  const data = samplesStep(project);
  const pipe = pipelineStep(pipeline.data, data.state === 'done');
  const train = trainingStep(trainings.data?.items[0], trainings.data?.total ?? 0, data.state === 'done' && pipe.state === 'done');
  const deploy = deploymentStep(deployments.data?.items[0], train.state === 'done');
  return [data, pipe, train, deploy];
}
