import { Paper, Stack, Text, ThemeIcon, Title } from '@mantine/core';
import type { Icon } from '@tabler/icons-react';
import type { ReactNode } from 'react';

interface Props {
  icon: Icon;
  title: string;
  /** Why it is empty and what comes next. */
  children?: ReactNode;
  /** The button that leads on. */
  action?: ReactNode;
}

/** What a page shows when there is nothing to show yet: why, and the way on. */
export function EmptyState({ icon: IconComponent, title, children, action }: Props) {
  return (
    <Paper p={{ base: 'lg', sm: 48 }} bg="var(--surface-sunken)" style={{ borderStyle: 'dashed' }}>
      <Stack align="center" gap="sm" maw={520} mx="auto">
        <ThemeIcon size={48} radius="xl" variant="light">
          <IconComponent size={24} stroke={1.6} />
        </ThemeIcon>
        <Title order={2} ta="center">
          {title}
        </Title>
        {children && (
          <Text c="dimmed" ta="center" size="sm" component="div">
            {children}
          </Text>
        )}
        {action}
      </Stack>
    </Paper>
  );
}
