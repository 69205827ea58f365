import { Box, Group, Text, Title } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import type { ReactNode } from 'react';

interface Props {
  title: string;
  /** One calm sentence, or figures. */
  description?: ReactNode;
  /** Buttons; the primary one last. */
  actions?: ReactNode;
  /** Stands before the title: a way back. */
  back?: ReactNode;
}

/** The top of every page. Also sets the title of the browser's tab. */
export function PageHeader({ title, description, actions, back }: Props) {
  useDocumentTitle(title ? `${title} · Mote Studio` : 'Mote Studio');
  return (
    <Group justify="space-between" align="flex-start" mb="lg" gap="sm" wrap="wrap">
      <Group gap="xs" wrap="nowrap" style={{ flex: '1 1 240px', minWidth: 0 }} align="flex-start">
        {back}
        <Box style={{ minWidth: 0 }}>
          <Title order={1} className="truncate" title={title}>
            {title}
          </Title>
          {description && (
            <Text c="dimmed" size="sm" mt={2} component="div">
              {description}
            </Text>
          )}
        </Box>
      </Group>
      {actions && <Group gap="xs">{actions}</Group>}
    </Group>
  );
}
