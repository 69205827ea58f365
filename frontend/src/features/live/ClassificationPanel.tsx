import { Group, Paper, Stack, Text, Title } from '@mantine/core';
import { labelColor } from 'lib/colors';
import { percent } from 'lib/format';
import classes from './live.module.css';
import type { Snapshot } from './session';

interface Props {
  snapshot: Snapshot;
  labels: string[];
  colors: Map<string, string>;
}

/** What the model on the board says about the window that just ended. */
export function ClassificationPanel({ snapshot, labels, colors }: Props) {
  const { classification, hello } = snapshot;
  const winner = classification?.winner ?? null;
  return (
    <Paper p="md">
      <Group justify="space-between" mb="sm" gap="xs">
        <Title order={3}>The board says</Title>
        {hello?.model && (
          <Text size="xs" c="dimmed" ff="monospace" title="SHA-256 of the model, first digits">
            {hello.model.slice(0, 8)}
          </Text>
        )}
      </Group>
      {classification === null ? (
        <Text size="sm" c="dimmed">
          Waiting for the first full window.
        </Text>
      ) : (
        <Stack gap={6}>
          <Text fz={24} fw={600} lh={1.2} style={{ color: labelColor(winner === null ? null : labels[winner], colors) }}>
            {winner === null ? 'No answer' : labels[winner]}
          </Text>
          {labels.map((label, at) => (
            <div key={label} className={classes.score}>
              <div
                className={classes.scoreBar}
                style={{ width: `${100 * Math.min(1, Math.max(0, classification.scores[at] ?? 0))}%`, background: labelColor(label, colors) }}
              />
              <Text span size="sm" className="truncate" fw={at === winner ? 600 : 400}>
                {label}
              </Text>
              <Text span size="sm" className="tabular">
                {percent(classification.scores[at], 0)}
              </Text>
            </div>
          ))}
        </Stack>
      )}
    </Paper>
  );
}
