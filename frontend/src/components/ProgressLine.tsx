import { Group, Progress, Stack, Text } from '@mantine/core';

interface Props {
  /** 0 .. 1; null while it is not known. */
  fraction: number | null;
  message?: string;
  color?: string;
}

/** A thin bar with what is being done and how far. */
export function ProgressLine({ fraction, message, color }: Props) {
  const percent = fraction === null ? 100 : Math.max(0, Math.min(100, fraction * 100));
  return (
    <Stack gap={4}>
      <Group justify="space-between" gap="xs" wrap="nowrap">
        <Text size="sm" className="truncate" title={message}>
          {message}
        </Text>
        {fraction !== null && (
          <Text size="sm" c="dimmed" className="tabular">
            {Math.floor(percent)} %
          </Text>
        )}
      </Group>
      <Progress value={percent} animated={fraction === null} size="sm" color={color} aria-label={message ?? 'Progress'} />
    </Stack>
  );
}
