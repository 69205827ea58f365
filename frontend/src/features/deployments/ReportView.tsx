import { Alert, CopyButton, Group, Paper, Progress, Stack, Table, Text, Title, Tooltip, UnstyledButton } from '@mantine/core';
import { IconShieldCheck, IconShieldX } from '@tabler/icons-react';
import { bytes, count, duration, frequency, percent, plural, significant } from 'lib/format';
import type { Report, Spread } from './api';
import classes from './deployments.module.css';
import { ramSlices, type Slice } from './stages';

const SLICE_COLORS = ['mote.6', 'blue.5', 'grape.5', 'orange.5'];

export function Verdict({ report }: { report: Report }) {
  if (report.verdict === 'pass') {
    return (
      <Alert color="teal" icon={<IconShieldCheck />} title="Verified: the board computes what the model does">
        {plural(report.windows, 'testing window')} went through this very image in the emulator. Every score is equal to LiteRT's, bit for bit.
      </Alert>
    );
  }
  return (
    <Alert color="red" icon={<IconShieldX />} title="Not verified: do not use this image" role="alert">
      <Stack gap={4}>
        {report.reasons.map((reason) => (
          <Text key={reason} size="sm">
            {reason}
          </Text>
        ))}
      </Stack>
    </Alert>
  );
}

function Figure({ name, value, note, bad }: { name: string; value: string; note?: string; bad?: boolean }) {
  return (
    <div>
      <Text size="xs" c="dimmed">
        {name}
      </Text>
      <Text fz={20} fw={600} lh={1.3} className="tabular" c={bad ? 'red' : undefined}>
        {value}
      </Text>
      {note && (
        <Text size="xs" c="dimmed">
          {note}
        </Text>
      )}
    </div>
  );
}

function Comparison({ report }: { report: Report }) {
  const { features, scores, classes: same } = report;
  return (
    <Paper p="md">
      <Title order={2} mb="sm">
        Board against host
      </Title>
      <div className={classes.figures}>
        <Figure name="Windows compared" value={count(report.windows)} />
        {features && (
          <Figure
            name="Largest feature difference"
            value={features.equal_bits ? '0' : significant(features.max_abs_difference)}
            note={features.equal_bits ? 'equal bit for bit' : `${significant(features.tolerance)} is allowed`}
            bad={features.max_abs_difference > features.tolerance}
          />
        )}
        <Figure name="Scores equal" value={`${count(scores.equal)} of ${count(scores.equal + scores.different)}`} note="bit for bit with LiteRT" bad={scores.different > 0} />
        <Figure name="Classes equal" value={`${count(same.equal)} of ${count(same.equal + same.different)}`} bad={same.different > 0} />
        {report.accuracy !== null && <Figure name="Accuracy on the board" value={percent(report.accuracy)} note="of these windows" />}
      </div>
    </Paper>
  );
}

function Bar({ title, slices, available }: { title: string; slices: Slice[]; available: number }) {
  const used = slices.reduce((sum, slice) => sum + slice.bytes, 0);
  return (
    <div>
      <Group justify="space-between" mb={4} gap="xs">
        <Text size="sm" fw={600}>
          {title}
        </Text>
        <Text size="sm" c="dimmed" className="tabular">
          {bytes(used)} of {bytes(available)} ({percent(used / available)})
        </Text>
      </Group>
      <Progress.Root size={18} aria-label={`${title}: ${bytes(used)} of ${bytes(available)}`}>
        {slices.map((slice, at) => (
          <Tooltip key={slice.name} label={`${slice.name}: ${bytes(slice.bytes)}. ${slice.help}.`}>
            <Progress.Section miw={3} value={(100 * slice.bytes) / available} color={SLICE_COLORS[at % SLICE_COLORS.length]} />
          </Tooltip>
        ))}
      </Progress.Root>
      {slices.length > 1 && (
        <Group gap="md" mt={6}>
          {slices.map((slice, at) => (
            <Text key={slice.name} size="xs" c="dimmed" className="tabular" title={slice.help}>
              <span className={classes.dot} style={{ background: `var(--mantine-color-${SLICE_COLORS[at % SLICE_COLORS.length].replace('.', '-')})` }} />
              {slice.name} {bytes(slice.bytes)}
            </Text>
          ))}
        </Group>
      )}
    </div>
  );
}

function MemoryCard({ report }: { report: Report }) {
  return (
    <Paper p="md">
      <Title order={2} mb="sm">
        Memory
      </Title>
      <Stack>
        <Bar title="Flash" available={report.flash_available_bytes} slices={[{ name: 'Image', bytes: report.flash_bytes, help: 'Code, weights and tables of the linked image' }]} />
        <Bar title="RAM" available={report.ram_available_bytes} slices={ramSlices(report.ram_bytes)} />
        <Text size="xs" c="dimmed">
          Measured: from the linked image and the painted stack ({bytes(report.ram_bytes.stack_size)} are left for it).
        </Text>
      </Stack>
    </Paper>
  );
}

function SpreadRow({ name, spread }: { name: string; spread: Spread }) {
  return (
    <Table.Tr>
      <Table.Td>{name}</Table.Td>
      <Table.Td ta="right">{count(spread.median)}</Table.Td>
      <Table.Td ta="right">{count(spread.min)}</Table.Td>
      <Table.Td ta="right">{count(spread.max)}</Table.Td>
    </Table.Tr>
  );
}

function TimeCard({ report }: { report: Report }) {
  const { dsp, model, total } = report.instructions;
  const all = Math.max(1, dsp.median + model.median);
  return (
    <Paper p="md">
      <Title order={2} mb="sm">
        Work per window
      </Title>
      <Stack gap="sm">
        <Progress.Root size={22} aria-label={`DSP ${percent(dsp.median / all)}, model ${percent(model.median / all)}`}>
          <Progress.Section value={(100 * dsp.median) / all} color="blue.5">
            <Progress.Label>{dsp.median / all > 0.15 ? `DSP ${percent(dsp.median / all, 0)}` : ''}</Progress.Label>
          </Progress.Section>
          <Progress.Section value={(100 * model.median) / all} color="mote.6">
            <Progress.Label>{model.median / all > 0.15 ? `Model ${percent(model.median / all, 0)}` : ''}</Progress.Label>
          </Progress.Section>
        </Progress.Root>
        <Table.ScrollContainer minWidth={300}>
          <Table verticalSpacing={5} className="tabular">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Instructions</Table.Th>
                <Table.Th ta="right">Median</Table.Th>
                <Table.Th ta="right">Least</Table.Th>
                <Table.Th ta="right">Most</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              <SpreadRow name="DSP" spread={dsp} />
              <SpreadRow name="Model" spread={model} />
              <SpreadRow name="Together" spread={total} />
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
        <Text size="sm">
          About <b>{duration(report.latency_ms / 1000)}</b> a window at {frequency(report.clock_hz)}
        </Text>
        <Text size="xs" c="dimmed">
          These are instructions counted by the emulator, not cycles: the time is an estimate at one instruction per clock. Real cores take somewhat longer.
        </Text>
      </Stack>
    </Paper>
  );
}

function Hash({ name, value }: { name: string; value: string }) {
  if (!value) return null;
  return (
    <div style={{ minWidth: 0 }}>
      <Text size="xs" c="dimmed">
        {name}
      </Text>
      <CopyButton value={value}>
        {({ copied, copy }) => (
          <UnstyledButton onClick={copy} title="Copy" style={{ maxWidth: '100%' }}>
            <Text size="sm" ff="monospace" className="truncate">
              {copied ? 'Copied' : value.slice(0, 24)}
            </Text>
          </UnstyledButton>
        )}
      </CopyButton>
    </div>
  );
}

function Provenance({ report }: { report: Report }) {
  return (
    <Paper p="md">
      <Title order={2} mb="sm">
        What was verified
      </Title>
      <Stack gap="sm">
        <Hash name="Image (SHA-256)" value={report.image_hash} />
        <Hash name="Model (SHA-256)" value={report.model_hash} />
        <Text size="xs" c="dimmed">
          {Object.entries(report.versions)
            .map(([name, version]) => `${name} ${version}`)
            .join(', ')}
        </Text>
      </Stack>
    </Paper>
  );
}

/** Every figure that the verdict rests on. */
export function ReportView({ report }: { report: Report }) {
  return (
    <Stack>
      <Comparison report={report} />
      <div className={classes.columns}>
        <MemoryCard report={report} />
        <TimeCard report={report} />
      </div>
      <Provenance report={report} />
    </Stack>
  );
}
