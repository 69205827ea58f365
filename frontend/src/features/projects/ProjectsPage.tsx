import { Alert, Button, Group, SimpleGrid, Skeleton, Stack, Text, TextInput } from '@mantine/core';
import { IconFlask, IconFolderPlus, IconPlus, IconSearch, IconTool } from '@tabler/icons-react';
import { useState } from 'react';
import { EmptyState } from 'components/EmptyState';
import { ErrorCard } from 'components/ErrorCard';
import { PageHeader } from 'components/PageHeader';
import { useTeams } from 'features/teams/queries';
import { useProjects } from 'lib/projects';
import { useStatus } from 'lib/session';
import { CreateProject } from './CreateProject';
import { useExampleProject } from './example';
import { ProjectCard } from './ProjectCard';

/** Programs that the server lacks: what is off, and how to get it. */
function MissingTools() {
  const { data } = useStatus();
  const missing = data?.tools.filter((tool) => !tool.available) ?? [];
  if (missing.length === 0) return null;
  return (
    <Alert color="yellow" icon={<IconTool />} title="Some of this server’s tools are missing" mb="lg">
      <Stack gap={6}>
        {missing.map((tool) => (
          <Text key={tool.name} size="sm">
            <b>{tool.name}</b>: {tool.what_is_off} {tool.how_to_get}
          </Text>
        ))}
      </Stack>
    </Alert>
  );
}

function FirstProject({ onCreate }: { onCreate: () => void }) {
  const example = useExampleProject();
  return (
    <EmptyState
      icon={IconFolderPlus}
      title="Start your first project"
      action={
        <Stack align="center" gap="xs" mt="xs">
          <Group justify="center">
            <Button leftSection={<IconPlus size={16} />} onClick={onCreate}>
              New project
            </Button>
            <Button variant="default" leftSection={<IconFlask size={16} />} loading={example.isPending} onClick={() => example.mutate()}>
              Try with example data
            </Button>
          </Group>
          <Text size="xs" c="dimmed" ta="center">
            The example’s motions are simulated, not recorded; everything after them is real.
          </Text>
        </Stack>
      }
    >
      A project takes you from recordings of a sensor to firmware for a board: data, pipeline, training, deployment.
    </EmptyState>
  );
}

export default function ProjectsPage() {
  const projects = useProjects();
  const teams = useTeams();
  const example = useExampleProject();
  const [creating, setCreating] = useState(false);
  const [search, setSearch] = useState('');
  const all = projects.data?.items ?? [];
  const words = search.trim().toLowerCase();
  const shown = all.filter((project) => `${project.name} ${project.description}`.toLowerCase().includes(words));
  const teamName = (id: string) => ((teams.data?.items.length ?? 0) > 1 ? teams.data?.items.find((team) => team.id === id)?.name : undefined);

  return (
    <>
      <PageHeader
        title="Projects"
        actions={
          all.length > 0 && (
            <>
              <Button variant="default" leftSection={<IconFlask size={16} />} loading={example.isPending} onClick={() => example.mutate()}>
                Example project
              </Button>
              <Button leftSection={<IconPlus size={16} />} onClick={() => setCreating(true)}>
                New project
              </Button>
            </>
          )
        }
      />
      <MissingTools />
      {projects.isError && <ErrorCard error={projects.error} retry={() => projects.refetch()} />}
      {projects.isPending && (
        <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }}>
          {[0, 1, 2].map((index) => (
            <Skeleton key={index} h={168} />
          ))}
        </SimpleGrid>
      )}
      {projects.data && all.length === 0 && <FirstProject onCreate={() => setCreating(true)} />}
      {all.length > 6 && (
        <TextInput
          mb="md"
          maw={340}
          aria-label="Search projects"
          placeholder="Search projects"
          leftSection={<IconSearch size={16} />}
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
        />
      )}
      <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }}>
        {shown.map((project) => (
          <ProjectCard key={project.id} project={project} team={teamName(project.team_id)} />
        ))}
      </SimpleGrid>
      {all.length > 0 && shown.length === 0 && <Text c="dimmed">No project has these words in its name or description.</Text>}
      {creating && <CreateProject onClose={() => setCreating(false)} />}
    </>
  );
}
