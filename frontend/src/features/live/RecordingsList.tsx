import { ActionIcon, Anchor, Badge, Button, Group, Loader, Paper, Stack, Text, Title, Tooltip } from '@mantine/core';
import { IconArrowBackUp, IconTrash } from '@tabler/icons-react';
import { Link } from 'react-router';
import { notifyError } from 'components/notify';
import { labelColor } from 'lib/colors';
import { duration, plural } from 'lib/format';
import type { Id } from 'lib/types';
import type { Source } from './api';
import type { Recording } from './recordings';
import type { Recordings } from './useLive';

interface Props {
  projectId: Id;
  recordings: Recordings;
  source: Source;
  colors: Map<string, string>;
}

function Entry({ entry, projectId, recordings, source, colors }: Props & { entry: Recording }) {
  const { piece } = entry;
  const gone = entry.state === 'undone';
  return (
    <Group wrap="nowrap" gap="sm" justify="space-between">
      <Group wrap="nowrap" gap="sm" style={{ minWidth: 0 }}>
        <Badge variant="light" color={labelColor(piece.label || null, colors)} tt="none" style={{ flex: '0 1 auto', minWidth: 48 }}>
          {piece.label || 'no label'}
        </Badge>
        <Stack gap={0} style={{ minWidth: 0 }}>
          {entry.sampleId && !gone ? (
            <Anchor component={Link} to={`/projects/${projectId}/samples/${entry.sampleId}`} size="sm" className="truncate">
              {entry.name}
            </Anchor>
          ) : (
            <Text size="sm" className="truncate" td={gone ? 'line-through' : undefined} c={gone ? 'dimmed' : undefined}>
              {entry.name}
            </Text>
          )}
          <Text size="xs" c={entry.state === 'failed' ? 'red' : 'dimmed'}>
            {entry.state === 'failed'
              ? `Not saved: ${entry.error}`
              : `${duration(piece.readings / piece.rate_hz)} · ${plural(piece.readings, 'reading')}${piece.lost > 0 ? ` · ${piece.lost} lost, filled in` : ''}`}
          </Text>
        </Stack>
      </Group>
      {entry.state === 'saving' && <Loader size="xs" aria-label="Saving" />}
      {entry.state === 'saved' && (
        <Button size="compact-sm" variant="subtle" color="gray" leftSection={<IconArrowBackUp size={14} />} onClick={() => recordings.undo(entry).catch(notifyError)}>
          Undo
        </Button>
      )}
      {gone && (
        <Button size="compact-sm" variant="subtle" onClick={() => recordings.restore(entry).catch(notifyError)}>
          Restore
        </Button>
      )}
      {entry.state === 'failed' && (
        <Group gap={4} wrap="nowrap">
          <Button size="compact-sm" variant="light" onClick={() => recordings.retry(entry, source)}>
            Save again
          </Button>
          <Tooltip label="Throw away">
            <ActionIcon variant="subtle" color="gray" aria-label="Throw away" onClick={() => recordings.forget(entry)}>
              <IconTrash size={16} />
            </ActionIcon>
          </Tooltip>
        </Group>
      )}
    </Group>
  );
}

/** What was just recorded, newest first, each with a way back. */
export function RecordingsList(props: Props) {
  const { list } = props.recordings;
  if (list.length === 0) return null;
  const kept = list.filter((entry) => entry.state === 'saved');
  const seconds = kept.reduce((sum, { piece }) => sum + piece.readings / piece.rate_hz, 0);
  return (
    <Paper p="md">
      <Group justify="space-between" mb="sm" gap="xs">
        <Title order={3}>Just recorded</Title>
        <Text size="sm" c="dimmed">
          {plural(kept.length, 'sample')}, {duration(seconds)}
        </Text>
      </Group>
      <Stack gap="sm" mah={380} style={{ overflowY: 'auto' }}>
        {list.map((entry) => (
          <Entry key={entry.key} entry={entry} {...props} />
        ))}
      </Stack>
    </Paper>
  );
}
