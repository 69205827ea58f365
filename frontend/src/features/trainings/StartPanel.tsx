import { Anchor, Button, Collapse, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconAdjustments, IconPlayerPlay } from '@tabler/icons-react';
import { useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { ErrorCard } from 'components/ErrorCard';
import { ParamForm, paramProblem } from 'components/ParamForm';
import { pipelineWords, type Catalogue, type Pipeline } from 'lib/pipeline';
import type { Id, ParamValue } from 'lib/types';
import { useStartTraining } from './api';

interface Props {
  projectId: Id;
  pipeline: Pipeline;
  catalogue: Catalogue;
}

/** Starts a run with the saved pipeline; what is set here counts for this run only. */
export function StartPanel({ projectId, pipeline, catalogue }: Props) {
  const [open, { toggle }] = useDisclosure(false);
  const [overrides, setOverrides] = useState<Record<string, ParamValue>>({});
  const start = useStartTraining(projectId);
  const navigate = useNavigate();
  const params = catalogue.learn.find((info) => info.name === pipeline.learn.block)?.params ?? [];
  const values = { ...pipeline.learn.params, ...overrides };
  const isGood = params.every((param) => paramProblem(param, values[param.name] ?? param.default) === null);
  const changed = Object.keys(overrides).length > 0;

  const begin = () =>
    start.mutate(changed ? { ...pipeline, learn: { ...pipeline.learn, params: values } } : null, {
      onSuccess: ({ training }) => void navigate(`/projects/${projectId}/trainings/${training.id}`),
    });

  return (
    <Paper p="md">
      <Stack gap="sm">
        <Group justify="space-between" gap="sm">
          <div style={{ minWidth: 0, flex: '1 1 280px' }}>
            <Title order={2}>New training</Title>
            <Text size="sm" c="dimmed">
              {pipelineWords(pipeline, catalogue)}{' '}
              <Anchor component={Link} to={`/projects/${projectId}/pipeline`} size="sm">
                Change the pipeline
              </Anchor>
            </Text>
          </div>
          <Group gap="xs">
            <Button variant="default" leftSection={<IconAdjustments size={16} />} onClick={toggle} aria-expanded={open}>
              For this run
            </Button>
            <Button leftSection={<IconPlayerPlay size={16} />} loading={start.isPending} disabled={!isGood} onClick={begin}>
              Start training
            </Button>
          </Group>
        </Group>
        <Collapse in={open}>
          <ParamForm params={params} values={values} onChange={setOverrides} columns={3} />
          {changed && (
            <Group justify="flex-end" mt="sm">
              <Button variant="subtle" size="compact-sm" color="gray" onClick={() => setOverrides({})}>
                Back to the pipeline's values
              </Button>
            </Group>
          )}
        </Collapse>
        {start.error && <ErrorCard error={start.error} />}
      </Stack>
    </Paper>
  );
}
