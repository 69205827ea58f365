import { AppShell, Container, Group, Text, UnstyledButton } from '@mantine/core';
import { Link, Outlet } from 'react-router';
import { Mark } from 'components/Mark';
import { AccountMenu } from './AccountMenu';

/** The frame of the pages outside of a project. */
export function TopLayout() {
  return (
    <AppShell header={{ height: 56 }}>
      <a href="#main" className="skip-link">
        Skip to the page
      </a>
      <AppShell.Header>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap">
          <UnstyledButton component={Link} to="/" aria-label="Projects">
            <Group gap={10} wrap="nowrap">
              <Mark />
              <Text fw={650} size="md">
                Mote Studio
              </Text>
            </Group>
          </UnstyledButton>
          <AccountMenu />
        </Group>
      </AppShell.Header>
      <AppShell.Main id="main" tabIndex={-1}>
        <Container size="var(--page-width)" px={{ base: 'md', sm: 'xl' }} py={{ base: 'md', sm: 'xl' }}>
          <Outlet />
        </Container>
      </AppShell.Main>
    </AppShell>
  );
}
