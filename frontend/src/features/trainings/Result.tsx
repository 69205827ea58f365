import { Badge, Button, CopyButton, Group, Paper, SegmentedControl, SimpleGrid, Stack, Table, Text, Title, UnstyledButton } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useState } from 'react';
import { bytes, count, dateTime, duration, percent, plural } from 'lib/format';
import { pipelineWords, type Catalogue } from 'lib/pipeline';
import type { Id } from 'lib/types';
import { modelUrl, type Figures, type Lineage, type Metrics, type Training } from './api';
import { ConfusionMatrix } from './ConfusionMatrix';
import classes from './trainings.module.css';

function Figure({ name, value, note }: { name: string; value: string; note?: string }) {
  return (
    <div>
      <Text size="xs" c="dimmed">
        {name}
      </Text>
      <Text fz={22} fw={600} lh={1.25} className="tabular">
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

function lossWords({ float32, int8 }: Metrics): string {
  const points = (int8.accuracy - float32.accuracy) * 100;
  if (Math.abs(points) < 0.05) return 'as good as float32';
  return `${Math.abs(points).toFixed(1)} points ${points < 0 ? 'below' : 'above'} float32`;
}

/** The figures that decide. */
function Headline({ training, metrics }: { training: Training; metrics: Metrics }) {
  const { sizes } = training;
  const on = metrics.int8.measured_on;
  return (
    <Paper p="md">
      <div className={classes.figures}>
        <Figure name="int8 accuracy" value={percent(metrics.int8.accuracy)} note={`${plural(metrics.int8.windows, 'window')} of ${on} samples`} />
        <Figure name="float32 accuracy" value={percent(metrics.float32.accuracy)} note={`int8 is ${lossWords(metrics)}`} />
        <Figure name="int8, by recording" value={percent(metrics.int8.sample_accuracy)} note={plural(metrics.int8.samples, 'recording')} />
        <Figure name="int8 macro F1" value={percent(metrics.int8.macro_f1)} note="mean of the classes" />
        <Figure name="int8 model" value={bytes(sizes?.int8_bytes)} note={sizes ? `float32: ${bytes(sizes.float32_bytes)}` : undefined} />
        <Figure name="Parameters" value={count(sizes?.parameters ?? 0)} />
      </div>
      {on === 'validation' && (
        <Text size="sm" c="orange" mt="sm">
          There are no testing samples: these figures are of the validation samples that also chose the best epoch, and so a little too good.
        </Text>
      )}
    </Paper>
  );
}

function ClassTable({ figures }: { figures: Figures }) {
  return (
    <Table.ScrollContainer minWidth={300}>
      <Table verticalSpacing={6} horizontalSpacing={6} className="tabular">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Label</Table.Th>
            <Table.Th ta="right" title="Of the windows called so, the part that was">
              Precision
            </Table.Th>
            <Table.Th ta="right" title="Of the windows that were, the part called so">
              Recall
            </Table.Th>
            <Table.Th ta="right">F1</Table.Th>
            <Table.Th ta="right">Windows</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {figures.classes.map((one) => (
            <Table.Tr key={one.label}>
              <Table.Td miw={72}>{one.label}</Table.Td>
              <Table.Td ta="right">{percent(one.precision)}</Table.Td>
              <Table.Td ta="right">{percent(one.recall)}</Table.Td>
              <Table.Td ta="right">{percent(one.f1)}</Table.Td>
              <Table.Td ta="right">{count(one.windows)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <div style={{ minWidth: 0 }}>
      <Text size="xs" c="dimmed">
        {name}
      </Text>
      <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
        {value}
      </Text>
    </div>
  );
}

/** Where the model comes from: enough to make it again. */
function LineageCard({ training, lineage, catalogue }: { training: Training; lineage: Lineage; catalogue: Catalogue | undefined }) {
  const versions = Object.entries(lineage.versions)
    .map(([name, version]) => `${name} ${version}`)
    .join(', ');
  return (
    <Paper p="md">
      <Title order={2} mb="sm">
        Where it comes from
      </Title>
      <SimpleGrid cols={{ base: 1, xs: 2, md: 4 }} spacing="sm">
        <div style={{ minWidth: 0 }}>
          <Text size="xs" c="dimmed">
            Dataset (SHA-256)
          </Text>
          <CopyButton value={lineage.dataset_hash}>
            {({ copied, copy }) => (
              <UnstyledButton onClick={copy} title="Copy" style={{ maxWidth: '100%' }}>
                <Text size="sm" ff="monospace" className="truncate">
                  {copied ? 'Copied' : lineage.dataset_hash.slice(0, 16)}
                </Text>
              </UnstyledButton>
            )}
          </CopyButton>
        </div>
        <Fact name="Seed" value={String(lineage.seed)} />
        <Fact name="Samples" value={`${count(lineage.training_samples)} training, ${count(lineage.testing_samples)} testing`} />
        <Fact
          name="Windows"
          value={`${count(lineage.training_windows)} training, ${count(lineage.validation_windows)} validation, ${count(lineage.testing_windows)} testing${
            lineage.windows_left_out > 0 ? `; ${count(lineage.windows_left_out)} left out, for no label covers enough of them` : ''
          }`}
        />
        <Fact name="Started" value={dateTime(lineage.started_at)} />
        <Fact name="Took" value={duration(lineage.seconds)} />
        <Fact name="Pipeline" value={pipelineWords(training.pipeline, catalogue)} />
        <Fact name="Machine" value={lineage.machine} />
      </SimpleGrid>
      <Text size="xs" c="dimmed" mt="sm">
        {versions}
      </Text>
    </Paper>
  );
}

function Downloads({ projectId, training }: { projectId: Id; training: Training }) {
  return (
    <Paper p="md">
      <Title order={2} mb="sm">
        Models
      </Title>
      <Group gap="xs">
        <Button component="a" href={modelUrl(projectId, training.id, 'int8')} download variant="default" leftSection={<IconDownload size={16} />}>
          int8 .tflite ({bytes(training.sizes?.int8_bytes)})
        </Button>
        <Button component="a" href={modelUrl(projectId, training.id, 'float32')} download variant="default" leftSection={<IconDownload size={16} />}>
          float32 .tflite ({bytes(training.sizes?.float32_bytes)})
        </Button>
      </Group>
    </Paper>
  );
}

interface Props {
  projectId: Id;
  training: Training;
  catalogue: Catalogue | undefined;
}

/** What a finished training came to. */
export function Result({ projectId, training, catalogue }: Props) {
  const [kind, setKind] = useState<keyof Metrics>('int8');
  const { metrics, lineage } = training;
  if (!metrics) return null;
  const figures = metrics[kind];
  return (
    <Stack>
      <Headline training={training} metrics={metrics} />
      <Paper p="md">
        <Group justify="space-between" mb="sm" gap="xs">
          <Group gap="xs">
            <Title order={2}>By class</Title>
            <Badge variant="light" color="gray" tt="none">
              {figures.measured_on} samples
            </Badge>
          </Group>
          <SegmentedControl
            size="xs"
            aria-label="Which model"
            value={kind}
            onChange={(value) => setKind(value as keyof Metrics)}
            data={[
              { value: 'int8', label: 'int8' },
              { value: 'float32', label: 'float32' },
            ]}
          />
        </Group>
        <div className={classes.result}>
          <div style={{ minWidth: 0 }}>
            <ConfusionMatrix labels={figures.classes.map((one) => one.label)} confusion={figures.confusion} />
          </div>
          <ClassTable figures={figures} />
        </div>
      </Paper>
      <Downloads projectId={projectId} training={training} />
      {lineage && <LineageCard training={training} lineage={lineage} catalogue={catalogue} />}
    </Stack>
  );
}
