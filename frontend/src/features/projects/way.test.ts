import type { Project } from 'lib/types';
import { deploymentStep, pipelineStep, samplesStep, trainingStep } from './way';

const project = (counts: Partial<Project['counts']>): Project => ({
  id: 'p',
  name: 'Pumps',
  description: '',
  team_id: 't',
  team_name: 'Team',
  role: 'owner',
  version: 1,
  created_at: '',
  updated_at: '',
  counts: { samples: 0, training: 0, testing: 0, labels: 0, ...counts },
  rate_hz: 100,
  axes: [{ name: 'x', unit: 'g' }],
});

test('data comes first, then labels, then a split', () => {
  expect(samplesStep(project({})).action).toBe('Add recordings');
  expect(samplesStep(project({ samples: 5, training: 5, labels: 1 })).action).toBe('Label the data');
  expect(samplesStep(project({ samples: 5, training: 5, labels: 2 })).facts).toContain('None is for testing');
  expect(samplesStep(project({ samples: 5, training: 4, testing: 1, labels: 2 })).state).toBe('done');
});

test('a step waits for the one before it', () => {
  expect(pipelineStep(null, false).state).toBe('later');
  expect(pipelineStep(null, true).state).toBe('next');
  expect(trainingStep(undefined, 0, true).state).toBe('next');
  expect(deploymentStep(undefined, false).state).toBe('later');
});

test('what runs is shown as running, what failed asks to be looked at', () => {
  expect(trainingStep({ id: '1', state: 'running' }, 1, true).state).toBe('working');
  expect(trainingStep({ id: '1', state: 'failed' }, 1, true)).toMatchObject({ state: 'next', action: 'See why' });
  expect(deploymentStep({ id: '1', state: 'done', verdict: 'pass' }, true).badge).toBe('Verified');
  expect(deploymentStep({ id: '1', state: 'done', verdict: 'fail' }, true).state).toBe('next');
});
