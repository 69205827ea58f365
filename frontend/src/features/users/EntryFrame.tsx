import { Center, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import type { ReactNode } from 'react';
import { Mark } from 'components/Mark';

interface Props {
  title: string;
  description?: ReactNode;
  children: ReactNode;
}

/** The frame of the pages before one is signed in. */
export function EntryFrame({ title, description, children }: Props) {
  useDocumentTitle(`${title} · Mote Studio`);
  return (
    <Center mih="100dvh" p="md" bg="var(--surface-sunken)" component="main">
      <Stack w="100%" maw={420} gap="lg">
        <Group gap={10} justify="center">
          <Mark size={30} />
          <Text fw={650} size="lg">
            Mote Studio
          </Text>
        </Group>
        <Paper p={{ base: 'lg', sm: 'xl' }} shadow="xs">
          <Stack gap="md">
            <div>
              <Title order={1} size="h2">
                {title}
              </Title>
              {description && (
                <Text c="dimmed" size="sm" mt={4} component="div">
                  {description}
                </Text>
              )}
            </div>
            {children}
          </Stack>
        </Paper>
      </Stack>
    </Center>
  );
}
