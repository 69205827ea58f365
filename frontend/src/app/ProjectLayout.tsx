import { AppShell, Box, Burger, Button, Container, Group, NavLink, Skeleton, Stack, Text, Tooltip, UnstyledButton } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import {
  IconActivity,
  IconBrain,
  IconCloudOff,
  IconCpu,
  IconHome,
  IconListCheck,
  IconSettings,
  IconTimeline,
  IconWaveSine,
  type Icon,
} from '@tabler/icons-react';
import { useEffect } from 'react';
import { Link, Outlet, useLocation } from 'react-router';
import { ErrorCard } from 'components/ErrorCard';
import { Mark } from 'components/Mark';
import { useConnected, useProjectEvents } from 'lib/events';
import { useProject, useProjectId } from 'lib/projects';
import { AccountMenu } from './AccountMenu';
import { ProjectSwitch } from './ProjectSwitch';

interface Place {
  path: string;
  label: string;
  icon: Icon;
}

const PLACES: Place[][] = [
  [{ path: '', label: 'Overview', icon: IconHome }],
  [
    { path: 'samples', label: 'Data', icon: IconWaveSine },
    { path: 'live', label: 'Live', icon: IconActivity },
    { path: 'pipeline', label: 'Pipeline', icon: IconTimeline },
    { path: 'trainings', label: 'Training', icon: IconBrain },
    { path: 'deployments', label: 'Deployment', icon: IconCpu },
  ],
  [
    { path: 'jobs', label: 'Jobs', icon: IconListCheck },
    { path: 'settings', label: 'Settings', icon: IconSettings },
  ],
];

function Navigation({ projectId, onMove }: { projectId: string; onMove: () => void }) {
  const { pathname } = useLocation();
  const current = pathname.split('/')[3] ?? '';
  return (
    <Stack gap="lg" component="nav" aria-label="Project">
      {PLACES.map((group, index) => (
        <Box key={index}>
          {group.map(({ path, label, icon: IconComponent }) => (
            <NavLink
              key={path}
              component={Link}
              to={`/projects/${projectId}${path && `/${path}`}`}
              label={label}
              leftSection={<IconComponent size={18} stroke={1.7} />}
              active={current === path}
              aria-current={current === path ? 'page' : undefined}
              onClick={onMove}
              variant="light"
              style={{ borderRadius: 'var(--mantine-radius-md)' }}
            />
          ))}
        </Box>
      ))}
    </Stack>
  );
}

function Offline() {
  if (useConnected()) return null;
  return (
    <Tooltip label="The connection to the server is broken; what you see may be old. It is being tried again.">
      <Group gap={6} c="orange" wrap="nowrap" role="status">
        <IconCloudOff size={18} />
        <Text size="xs" visibleFrom="sm">
          Reconnecting
        </Text>
      </Group>
    </Tooltip>
  );
}

/** The frame of all pages of one project: where one is, where one can go, and the stream of its events. */
export function ProjectLayout() {
  const projectId = useProjectId();
  const project = useProject(projectId);
  const [opened, { toggle, close }] = useDisclosure(false);
  const { pathname } = useLocation();
  useProjectEvents(projectId);
  useEffect(() => {
    window.scrollTo(0, 0);
  }, [pathname]);

  return (
    <AppShell header={{ height: 56 }} navbar={{ width: 208, breakpoint: 'sm', collapsed: { mobile: !opened } }}>
      <a href="#main" className="skip-link">
        Skip to the page
      </a>
      <AppShell.Header>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap">
          <Group gap="xs" wrap="nowrap" style={{ minWidth: 0, flex: 1 }}>
            <Burger opened={opened} onClick={toggle} hiddenFrom="sm" size="sm" aria-label="Navigation" />
            <UnstyledButton component={Link} to="/" aria-label="All projects" display="flex">
              <Mark />
            </UnstyledButton>
            <Text c="dimmed" aria-hidden visibleFrom="xs">
              /
            </Text>
            {project.data ? <ProjectSwitch project={project.data} /> : <Skeleton h={18} w={160} />}
          </Group>
          <Group gap="md" wrap="nowrap">
            <Offline />
            <AccountMenu />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="sm">
        <Navigation projectId={projectId} onMove={close} />
      </AppShell.Navbar>
      <AppShell.Main id="main" tabIndex={-1}>
        <Container size="var(--page-width)" px={{ base: 'md', sm: 'xl' }} py={{ base: 'md', sm: 'xl' }}>
          {project.isError ? (
            <Stack align="flex-start">
              <ErrorCard error={project.error} retry={() => project.refetch()} />
              <Button component={Link} to="/" variant="default">
                All projects
              </Button>
            </Stack>
          ) : (
            <Outlet />
          )}
        </Container>
      </AppShell.Main>
    </AppShell>
  );
}
