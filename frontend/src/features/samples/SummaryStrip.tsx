import { Alert, Anchor, Box, Group, Paper, SimpleGrid, Skeleton, Stack, Text, UnstyledButton } from '@mantine/core';
import { IconScale } from '@tabler/icons-react';
import { useState } from 'react';
import { labelColor } from 'lib/colors';
import { count, duration, percent, plural } from 'lib/format';
import type { Id } from 'lib/types';
import { balanceWarnings, rateWarnings, type LabelCount } from './balance';
import { useLabels, useSummary } from './queries';
import classes from './SummaryStrip.module.css';

const FEW = 8;

interface BarProps {
  row: LabelCount;
  most: number;
  color: string;
  active: boolean;
  onClick: () => void;
}

/** Samples of one label: the full part is for training, the pale part for testing. */
function Bar({ row, most, color, active, onClick }: BarProps) {
  const total = row.training + row.testing;
  const name = row.label ?? 'No single label';
  const about = `${name}: ${row.training} training, ${row.testing} testing, ${duration(row.duration_s)}`;
  return (
    <UnstyledButton className={classes.row} onClick={onClick} title={about} aria-label={about} aria-pressed={active}>
      <Text size="sm" className="truncate" fs={row.label === null ? 'italic' : undefined} c={row.label === null ? 'dimmed' : undefined}>
        {name}
      </Text>
      <div className={classes.track}>
        <div style={{ width: `${(row.training / most) * 100}%`, background: color }} />
        <div style={{ width: `${(row.testing / most) * 100}%`, background: color, opacity: 0.4 }} />
      </div>
      <Text size="sm" c="dimmed" ta="right" className="tabular">
        {count(total)}
      </Text>
    </UnstyledButton>
  );
}

interface Props {
  projectId: Id;
  label: string | null;
  onLabel: (label: string | null) => void;
}

/** What is in the dataset: per label and split, and whether that is fit for training. */
export function SummaryStrip({ projectId, label, onLabel }: Props) {
  const { data } = useSummary(projectId);
  const { colors } = useLabels(projectId);
  const [all, setAll] = useState(false);
  if (!data) return <Skeleton h={120} mb="md" />;
  const rows = [...data.labels].sort((a, b) => Number(a.label === null) - Number(b.label === null) || (a.label ?? '').localeCompare(b.label ?? '', undefined, { numeric: true }));
  const most = Math.max(1, ...rows.map((row) => row.training + row.testing));
  const warnings = [...rateWarnings(data.rates_hz), ...balanceWarnings(rows)];
  const shown = all ? rows : rows.slice(0, FEW);
  return (
    <Stack gap="sm" mb="md">
      <Paper p="md">
        <Group justify="space-between" mb="xs" gap="xs">
          <Text size="sm">
            <b className="tabular">{plural(data.samples, 'sample')}</b>
            <Text span c="dimmed">
              {' '}
              · {duration(data.duration_s)} · {percent(data.samples ? data.testing / data.samples : 0, 0)} for testing
            </Text>
          </Text>
          <Group gap="md" aria-hidden>
            <Group gap={6}>
              <Box w={14} h={8} bg="var(--plot-text)" style={{ borderRadius: 2 }} />
              <Text size="xs" c="dimmed">
                training
              </Text>
            </Group>
            <Group gap={6}>
              <Box w={14} h={8} bg="var(--plot-text)" style={{ borderRadius: 2, opacity: 0.4 }} />
              <Text size="xs" c="dimmed">
                testing
              </Text>
            </Group>
          </Group>
        </Group>
        <SimpleGrid cols={{ base: 1, md: 2 }} spacing="xl" verticalSpacing={2}>
          {shown.map((row) => (
            <Bar
              key={row.label ?? ''}
              row={row}
              most={most}
              color={labelColor(row.label, colors)}
              active={label === (row.label ?? '')}
              onClick={() => onLabel(label === (row.label ?? '') ? null : (row.label ?? ''))}
            />
          ))}
        </SimpleGrid>
        {rows.length > FEW && (
          <Anchor component="button" type="button" size="sm" mt="xs" onClick={() => setAll(!all)}>
            {all ? 'Show fewer' : `Show all ${rows.length}`}
          </Anchor>
        )}
      </Paper>
      {warnings.length > 0 && (
        <Alert color="yellow" icon={<IconScale />} py="xs">
          {warnings.map((warning) => (
            <Text key={warning} size="sm">
              {warning}
            </Text>
          ))}
        </Alert>
      )}
    </Stack>
  );
}
