import { Alert, Badge, Group, Loader, Paper, Select, SimpleGrid, Slider, Stack, Text, Title } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useMemo, useState } from 'react';
import { ErrorCard } from 'components/ErrorCard';
import { partOf, plotData, SignalPlot, type Range } from 'components/signal';
import { bytes, count, duration, significant } from 'lib/format';
import type { Pipeline } from 'lib/pipeline';
import type { Id } from 'lib/types';
import { useSampleChoices, useWholeSignal, type Preview, type SampleChoice } from './api';
import { BlockOutputView } from './BlockOutputView';

interface ChooserProps {
  projectId: Id;
  sample: SampleChoice | undefined;
  onSample: (sample: SampleChoice) => void;
}

function SampleChooser({ projectId, sample, onSample }: ChooserProps) {
  const [search, setSearch] = useState('');
  const [term] = useDebouncedValue(search === sample?.name ? '' : search, 250);
  const { data } = useSampleChoices(projectId, term);
  const items = data?.items ?? [];
  const known = sample && !items.some((item) => item.id === sample.id) ? [sample, ...items] : items;
  return (
    <Select
      label="Sample"
      data={known.map((item) => ({ value: item.id, label: item.name }))}
      value={sample?.id ?? null}
      searchable
      searchValue={search}
      onSearchChange={setSearch}
      filter={({ options }) => options}
      nothingFoundMessage="No sample is called so"
      onChange={(id) => {
        const chosen = known.find((item) => item.id === id);
        if (chosen) onSample(chosen);
      }}
      renderOption={({ option }) => {
        const item = known.find((one) => one.id === option.value);
        return (
          <Group justify="space-between" wrap="nowrap" w="100%" gap="xs">
            <Text size="sm" className="truncate">
              {option.label}
            </Text>
            <Text size="xs" c="dimmed" style={{ whiteSpace: 'nowrap' }}>
              {item?.label ?? ''} {item && duration(item.duration_s)}
            </Text>
          </Group>
        );
      }}
    />
  );
}

function Figure({ label, value, note }: { label: string; value: string; note: string }) {
  return (
    <div title={note}>
      <Text size="xs" c="dimmed">
        {label}
      </Text>
      <Text fw={600} className="tabular">
        {value}
      </Text>
    </div>
  );
}

function Memory({ memory }: { memory: Preview['memory'] }) {
  return (
    <Paper p="md">
      <Title order={3} mb="sm">
        What the DSP takes on a board
      </Title>
      <SimpleGrid cols={{ base: 2, xs: 4 }} spacing="md">
        <Figure label="Features" value={count(memory.features)} note="Numbers that the network sees for each window" />
        <Figure label="RAM" value={bytes(memory.ram_bytes)} note="Window, features and scratch together" />
        <Figure label="of it scratch" value={bytes(memory.scratch_bytes)} note="Working memory of the blocks; they share it" />
        <Figure label="Flash tables" value={bytes(memory.tables_bytes)} note="Constants of the blocks: filters, windows, cosines" />
      </SimpleGrid>
    </Paper>
  );
}

interface Props {
  projectId: Id;
  pipeline: Pipeline;
  sample: SampleChoice | undefined;
  onSample: (sample: SampleChoice) => void;
  start_s: number;
  onStart: (start_s: number) => void;
  preview: Preview | undefined;
  busy: boolean;
  error: Error | null;
  /** The form has a mistake: the preview is of the last good pipeline. */
  paused: boolean;
}

/** A sample, the window in it, and what the blocks make of that window. */
export function PreviewPanel(props: Props) {
  const { projectId, pipeline, sample, onSample, start_s, onStart, preview, busy, error, paused } = props;
  const signal = useWholeSignal(projectId, sample?.id);
  const data = useMemo(() => (signal.data ? plotData(signal.data) : null), [signal.data]);
  const window_s = pipeline.window.length_ms / 1000;
  const latest = Math.max(0, (sample?.duration_s ?? 0) - window_s);
  const bounds: Range = [0, sample?.duration_s ?? 1];
  const stride_s = Math.max(pipeline.window.stride_ms / 1000, 1e-3);
  const marks = latest > 0 ? [{ value: 0 }, { value: latest }] : [];
  return (
    <Stack>
      <Paper p="md">
        <Stack gap="sm">
          <Group justify="space-between" gap="xs">
            <Title order={2}>Preview</Title>
            <Group gap="xs">
              {busy && <Loader size="xs" aria-label="Computing" />}
              {preview && (
                <Badge variant="light" tt="none" color={preview.label ? undefined : 'gray'}>
                  {preview.label ?? 'no label'}
                </Badge>
              )}
            </Group>
          </Group>
          <SampleChooser projectId={projectId} sample={sample} onSample={onSample} />
          {signal.error && <ErrorCard error={signal.error} retry={() => void signal.refetch()} />}
          {data && sample && (
            <SignalPlot data={data} bounds={bounds} height={180} label={`Signal of ${sample.name}`}>
              <div
                style={{
                  position: 'absolute',
                  top: 0,
                  bottom: 0,
                  left: `${100 * partOf(bounds, preview?.window.start_s ?? start_s)}%`,
                  width: `${100 * Math.min(1, window_s / (sample.duration_s || 1))}%`,
                  background: 'color-mix(in srgb, var(--mantine-color-mote-6) 18%, transparent)',
                  borderInline: '1px solid var(--mantine-color-mote-6)',
                  pointerEvents: 'none',
                }}
              />
            </SignalPlot>
          )}
          {latest > 0 ? (
            <Slider
              thumbLabel="Start of the window"
              min={0}
              max={latest}
              step={Math.min(stride_s, latest)}
              value={Math.min(start_s, latest)}
              onChange={onStart}
              label={(value) => `${significant(value, 4)} s`}
              marks={marks}
            />
          ) : (
            sample && (
              <Text size="xs" c="dimmed">
                This sample is not longer than one window.
              </Text>
            )
          )}
        </Stack>
      </Paper>
      {paused && <Alert color="orange">The form has a mistake; what you see is of the last version without one.</Alert>}
      {error && !paused && <ErrorCard error={error} />}
      {preview && (
        <Stack style={{ opacity: paused || error ? 0.5 : 1 }}>
          {preview.window.real_readings < preview.window.readings && (
            <Text size="sm" c="dimmed">
              {count(preview.window.real_readings)} of the {count(preview.window.readings)} readings of this window are the sample's; the rest is filled up.
            </Text>
          )}
          {preview.blocks.map((output, at) => (
            <BlockOutputView
              key={at}
              output={output}
              window_s={window_s}
              title={output.title}
            />
          ))}
          <Memory memory={preview.memory} />
        </Stack>
      )}
    </Stack>
  );
}
