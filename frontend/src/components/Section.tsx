import { Box, Group, Paper, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';

interface Props {
  title: string;
  description?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
  /** Marks what cannot be taken back. */
  danger?: boolean;
}

/** One subject of a page. */
export function Section({ title, description, actions, children, danger }: Props) {
  return (
    <Paper component="section" p={{ base: 'md', sm: 'lg' }} style={danger ? { borderColor: 'var(--mantine-color-red-outline)' } : undefined}>
      <Group justify="space-between" align="flex-start" mb="md" gap="sm" wrap="wrap">
        <Box style={{ flex: '1 1 240px', minWidth: 0 }}>
          <Title order={2}>{title}</Title>
          {description && (
            <Text c="dimmed" size="sm" mt={2} component="div">
              {description}
            </Text>
          )}
        </Box>
        {actions}
      </Group>
      {children}
    </Paper>
  );
}
