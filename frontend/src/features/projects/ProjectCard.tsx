import { Card, Group, Stack, Text, Title } from '@mantine/core';
import { Link } from 'react-router';
import { ago, dateTime, frequency, plural } from 'lib/format';
import type { Project } from 'lib/types';
import classes from './ProjectCard.module.css';

/** "3 axes at 100 Hz", "Audio at 16 kHz", or nothing while there are no samples. */
export function signalFacts(project: Project): string {
  if (!project.rate_hz || project.axes.length === 0) return '';
  const what = project.axes.length === 1 && project.axes[0].name === 'audio' ? 'Audio' : plural(project.axes.length, 'axis', 'axes');
  return `${what} at ${frequency(project.rate_hz)}`;
}

/** One project in the list. */
export function ProjectCard({ project, team }: { project: Project; team?: string }) {
  const { counts } = project;
  return (
    <Card component={Link} to={`/projects/${project.id}`} className={classes.card} p="lg">
      <Stack gap={6} h="100%">
        <Title order={2} className="truncate" title={project.name}>
          {project.name}
        </Title>
        <Text size="sm" c="dimmed" lineClamp={2} style={{ flex: 1, minHeight: 21 }}>
          {project.description || signalFacts(project) || 'No recordings yet'}
        </Text>
        <Group gap="md" mt="xs">
          <Text size="sm" className="tabular">
            {plural(counts.samples, 'sample')}
          </Text>
          <Text size="sm" className="tabular">
            {plural(counts.labels, 'label')}
          </Text>
        </Group>
        <Group justify="space-between" wrap="nowrap" gap="xs">
          <Text size="xs" c="dimmed" title={dateTime(project.updated_at)}>
            Changed {ago(project.updated_at)}
          </Text>
          {team && (
            <Text size="xs" c="dimmed" className="truncate" title={team}>
              {team}
            </Text>
          )}
        </Group>
      </Stack>
    </Card>
  );
}
