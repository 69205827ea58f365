import { Alert, Button, Stack, Text } from '@mantine/core';
import { IconAlertCircle } from '@tabler/icons-react';
import { ApiError } from 'lib/api';

interface Props {
  error: unknown;
  retry?: () => void;
}

/** An error in the place where the answer should be: what went wrong, how to mend it, and a way to try again. */
export function ErrorCard({ error, retry }: Props) {
  const message = error instanceof Error ? error.message : String(error);
  const hint = error instanceof ApiError ? error.hint : '';
  return (
    <Alert color="red" icon={<IconAlertCircle />} title={message} role="alert">
      <Stack gap="xs" align="flex-start">
        {hint && <Text size="sm">{hint}</Text>}
        {retry && (
          <Button size="xs" variant="light" color="red" onClick={retry}>
            Try again
          </Button>
        )}
      </Stack>
    </Alert>
  );
}
