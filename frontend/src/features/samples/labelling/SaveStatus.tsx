import { Alert, Button, Group, Text } from '@mantine/core';
import { IconUsers } from '@tabler/icons-react';
import { ErrorCard } from 'components/ErrorCard';
import { plural } from 'lib/format';
import type { Segments } from './useSegments';

const WORDS = { saved: 'Saved', waiting: 'Saving…', saving: 'Saving…', conflict: 'Not saved', failed: 'Not saved' };

/** Whether the labels on the page are on the server. */
export function SaveStatus({ segments }: { segments: Segments }) {
  return (
    <Text size="xs" c={segments.save === 'conflict' || segments.save === 'failed' ? 'red' : 'dimmed'} role="status" miw={52} ta="right">
      {WORDS[segments.save]}
    </Text>
  );
}

/** Two people changed the same labels: the one who comes second decides, and sees what the other did. */
export function SaveProblem({ segments }: { segments: Segments }) {
  const { theirs, save, error } = segments;
  if (save === 'failed') return <ErrorCard error={error} retry={segments.retry} />;
  if (save !== 'conflict' || !theirs) return null;
  return (
    <Alert color="orange" icon={<IconUsers />} title="Somebody else changed these labels meanwhile" role="alert">
      <Text size="sm" mb="xs">
        Theirs: {plural(theirs.segments.length, 'segment')}. Yours: {plural(segments.state.segments.length, 'segment')}. Nothing of yours is saved yet.
      </Text>
      <Group gap="xs">
        <Button size="xs" variant="light" color="orange" onClick={segments.takeTheirs}>
          Take theirs
        </Button>
        <Button size="xs" variant="default" onClick={segments.keepMine}>
          Save mine over theirs
        </Button>
      </Group>
    </Alert>
  );
}
