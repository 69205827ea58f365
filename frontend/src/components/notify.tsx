import { Button, Group, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconAlertCircle, IconCheck } from '@tabler/icons-react';
import { ApiError } from 'lib/api';

/** An error in words, with the way to mend it. A lost session is not told twice: the sign-in page says it. */
export function notifyError(error: unknown) {
  if (error instanceof ApiError && error.status === 401) return;
  if (error instanceof DOMException && error.name === 'AbortError') return;
  const message = error instanceof Error ? error.message : String(error);
  const hint = error instanceof ApiError ? error.hint : '';
  notifications.show({
    id: `error:${message}`,
    color: 'red',
    icon: <IconAlertCircle size={18} />,
    title: message,
    message: hint,
    autoClose: 9000,
    withBorder: true,
  });
}

export function notifyDone(message: string) {
  notifications.show({ color: 'teal', icon: <IconCheck size={18} />, message, autoClose: 3500, withBorder: true });
}

/** Says what was done and offers to take it back, for 10 seconds. */
export function notifyUndo(message: string, undo: () => void) {
  const id = `undo:${Date.now()}`;
  notifications.show({
    id,
    color: 'gray',
    icon: <IconCheck size={18} />,
    withBorder: true,
    autoClose: 10_000,
    message: (
      <Group justify="space-between" wrap="nowrap">
        <Text size="sm">{message}</Text>
        <Button
          size="compact-sm"
          variant="subtle"
          onClick={() => {
            notifications.hide(id);
            undo();
          }}
        >
          Undo
        </Button>
      </Group>
    ),
  });
}
