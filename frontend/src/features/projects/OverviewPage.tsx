import { Anchor, Badge, Button, Group, Paper, SimpleGrid, Skeleton, Stack, Text, ThemeIcon, Title } from '@mantine/core';
import { IconArrowRight, IconBrain, IconCheck, IconCpu, IconTimeline, IconWaveSine, type Icon } from '@tabler/icons-react';
import { Link } from 'react-router';
import { PageHeader } from 'components/PageHeader';
import { ago } from 'lib/format';
import { useOpenProject } from 'lib/projects';
import { useWay, type Step, type StepName } from './way';

const ICONS: Record<StepName, Icon> = { samples: IconWaveSine, pipeline: IconTimeline, trainings: IconBrain, deployments: IconCpu };

function StepCard({ step, number, projectId }: { step: Step; number: number; projectId: string }) {
  const IconComponent = step.state === 'done' ? IconCheck : ICONS[step.name];
  const next = step.state === 'next' || step.state === 'working';
  return (
    <Paper
      component="li"
      p="lg"
      style={{ listStyle: 'none', display: 'flex', borderColor: next ? 'var(--mantine-color-mote-6)' : undefined }}
      aria-current={next ? 'step' : undefined}
    >
      <Stack gap="sm" style={{ flex: 1, minWidth: 0 }}>
        <Group justify="space-between" wrap="nowrap">
          <ThemeIcon size={36} radius="xl" variant="light" color={step.state === 'later' ? 'gray' : 'mote'}>
            <IconComponent size={20} stroke={1.7} />
          </ThemeIcon>
          {step.badge && (
            <Badge variant="light" color={step.badgeColor ?? 'gray'} tt="none" fw={500}>
              {step.badge}
            </Badge>
          )}
        </Group>
        <div style={{ flex: 1 }}>
          <Title order={2}>
            <Text span c="dimmed" inherit fw={400}>
              {number}.{' '}
            </Text>
            {step.title}
          </Title>
          <Text size="sm" c="dimmed" mt={2}>
            {step.facts}
          </Text>
        </div>
        <Group>
          <Button
            component={Link}
            to={`/projects/${projectId}/${step.to ?? step.name}`}
            variant={next ? 'filled' : 'default'}
            rightSection={next ? <IconArrowRight size={16} /> : undefined}
          >
            {step.action}
          </Button>
        </Group>
      </Stack>
    </Paper>
  );
}

/** Where the project stands on its way from recordings to firmware, and what comes next. */
export default function OverviewPage() {
  const { projectId, project } = useOpenProject();
  const steps = useWay(projectId, project);
  return (
    <>
      <PageHeader title={project?.name ?? ''} description={project?.description} />
      <SimpleGrid component="ol" p={0} m={0} cols={{ base: 1, xs: 2, lg: 4 }} spacing="md">
        {steps
          ? steps.map((step, index) => <StepCard key={step.name} step={step} number={index + 1} projectId={projectId} />)
          : [0, 1, 2, 3].map((index) => <Skeleton key={index} h={210} />)}
      </SimpleGrid>
      {project && (
        <Text size="sm" c="dimmed" mt="lg">
          Changed {ago(project.updated_at)}. Members and keys are in the{' '}
          <Anchor component={Link} to={`/projects/${projectId}/settings`}>
            settings
          </Anchor>
          .
        </Text>
      )}
    </>
  );
}
