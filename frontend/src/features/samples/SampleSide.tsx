import { ActionIcon, Button, Group, Paper, SegmentedControl, Stack, Text, TextInput, Title, Tooltip } from '@mantine/core';
import { IconDownload, IconPlus, IconTrash, IconX } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { LabelInput } from 'components/LabelInput';
import { notifyUndo } from 'components/notify';
import { ApiError, api, apiUrl } from 'lib/api';
import { bytes, count, dateTime, duration, frequency } from 'lib/format';
import type { Id, Split } from 'lib/types';
import { wholeLabel } from './labelling/segments';
import type { Segments } from './labelling/useSegments';
import { sampleKeys, samplesPath, useLabels, useRefreshSamples, type Sample } from './queries';
import classes from './SampleSide.module.css';

type Change = Partial<Pick<Sample, 'name' | 'split' | 'metadata'>>;

/** Saves a change of the sample; labels that are not saved yet go first, so that the versions fit. */
function useChange(projectId: Id, sample: Sample, segments: Segments) {
  const client = useQueryClient();
  const refresh = useRefreshSamples(projectId);
  const key = sampleKeys.one(projectId, sample.id);
  return useMutation({
    mutationFn: async (change: Change) => api.patch<Sample>(`${samplesPath(projectId)}/${sample.id}`, { version: await segments.flush(), ...change }),
    onSuccess: (row) => {
      segments.accept(row);
      refresh();
    },
    onError: (error) => {
      if (error instanceof ApiError && error.status === 409) client.invalidateQueries({ queryKey: key });
    },
  });
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <Text size="sm" c="dimmed" component="dt">
        {name}
      </Text>
      <Text size="sm" component="dd" m={0} style={{ minWidth: 0, overflowWrap: 'anywhere' }}>
        {children}
      </Text>
    </>
  );
}

function Facts({ sample }: { sample: Sample }) {
  const axes = sample.axes.map((axis) => (axis.unit ? `${axis.name} (${axis.unit})` : axis.name)).join(', ');
  return (
    <dl className={classes.facts}>
      <Fact name="Length">{duration(sample.duration_s)}</Fact>
      <Fact name="Rate">{frequency(sample.rate_hz)}</Fact>
      <Fact name="Readings">{count(sample.readings)}</Fact>
      <Fact name="Axes">{axes}</Fact>
      {sample.file_name && <Fact name="File">{sample.file_name}</Fact>}
      {sample.file_bytes !== null && <Fact name="Size">{bytes(sample.file_bytes)}</Fact>}
      <Fact name="Added">{dateTime(sample.created_at)}</Fact>
    </dl>
  );
}

function Metadata({ sample, editable, onSave }: { sample: Sample; editable: boolean; onSave: (metadata: Record<string, string>) => void }) {
  const [rows, setRows] = useState<[string, string][]>(Object.entries(sample.metadata));
  const cleaned = Object.fromEntries(rows.map(([key, value]) => [key.trim(), value.trim()]).filter(([key]) => key));
  const changed = JSON.stringify(cleaned) !== JSON.stringify(sample.metadata);
  const set = (index: number, row: [string, string]) => setRows(rows.map((was, i) => (i === index ? row : was)));
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        onSave(cleaned);
      }}
    >
      <Group justify="space-between" mb={6}>
        <Title order={3}>Metadata</Title>
        {editable && (
          <Tooltip label="Add">
            <ActionIcon variant="subtle" color="gray" aria-label="Add metadata" onClick={() => setRows([...rows, ['', '']])}>
              <IconPlus size={16} />
            </ActionIcon>
          </Tooltip>
        )}
      </Group>
      <Stack gap={6}>
        {rows.length === 0 && (
          <Text size="sm" c="dimmed">
            None. For example who wore the sensor: it lets you split by person.
          </Text>
        )}
        {rows.map(([key, value], index) => (
          <Group key={index} gap={6} wrap="nowrap">
            <TextInput size="xs" aria-label="Name" placeholder="speaker" maxLength={80} readOnly={!editable} value={key} onChange={(e) => set(index, [e.currentTarget.value, value])} style={{ flex: 2, minWidth: 0 }} />
            <TextInput size="xs" aria-label="Value" placeholder="theo" maxLength={400} readOnly={!editable} value={value} onChange={(e) => set(index, [key, e.currentTarget.value])} style={{ flex: 3, minWidth: 0 }} />
            {editable && (
              <ActionIcon size="sm" variant="subtle" color="gray" aria-label={`Remove ${key}`} onClick={() => setRows(rows.filter((_, i) => i !== index))}>
                <IconX size={14} />
              </ActionIcon>
            )}
          </Group>
        ))}
        {changed && (
          <Group gap="xs">
            <Button size="xs" type="submit">
              Save
            </Button>
            <Button size="xs" variant="default" onClick={() => setRows(Object.entries(sample.metadata))}>
              Reset
            </Button>
          </Group>
        )}
      </Stack>
    </form>
  );
}

function Name({ sample, editable, onSave }: { sample: Sample; editable: boolean; onSave: (name: string) => void }) {
  const [name, setName] = useState(sample.name);
  const save = () => {
    const next = name.trim();
    if (next && next !== sample.name) onSave(next);
    else setName(sample.name);
  };
  return (
    <TextInput
      label="Name"
      maxLength={300}
      readOnly={!editable}
      value={name}
      onChange={(event) => setName(event.currentTarget.value)}
      onBlur={save}
      onKeyDown={(event) => {
        if (event.key === 'Enter') event.currentTarget.blur();
        if (event.key === 'Escape') setName(sample.name);
      }}
    />
  );
}

interface WholeLabelProps {
  projectId: Id;
  segments: Segments;
  editable: boolean;
}

function WholeLabel({ projectId, segments, editable }: WholeLabelProps) {
  const { labels, colors } = useLabels(projectId);
  const label = wholeLabel(segments.state) ?? '';
  const parts = Array.from(new Set(segments.state.segments.map((segment) => segment.label)));
  const [text, setText] = useState(label);
  const [shown, setShown] = useState(label);
  if (shown !== label) {
    setShown(label);
    setText(label);
  }
  const save = (value: string) => {
    const next = value.trim();
    if (next !== label) segments.dispatch({ type: 'whole', label: next || null });
  };
  return (
    <LabelInput
      label="Label of the whole recording"
      placeholder={parts.length > 0 ? `In parts: ${parts.join(', ')}` : 'None'}
      readOnly={!editable}
      labels={labels}
      colors={colors}
      value={text}
      onChange={setText}
      onOptionSubmit={save}
      onBlur={() => save(text)}
      onKeyDown={(event) => event.key === 'Enter' && event.currentTarget.blur()}
    />
  );
}

interface Props {
  projectId: Id;
  sample: Sample;
  segments: Segments;
  mayLabel: boolean;
  mayEdit: boolean;
  /** After it was deleted. */
  onGone: () => void;
}

/** What is known about a recording, and what can be done with it as a whole. */
export function SampleSide({ projectId, sample, segments, mayLabel, mayEdit, onGone }: Props) {
  const change = useChange(projectId, sample, segments);
  const refresh = useRefreshSamples(projectId);
  const path = `${samplesPath(projectId)}/${sample.id}`;
  const restore = useMutation({ mutationFn: () => api.post(`${path}/restore`), onSettled: refresh });
  const remove = useMutation({
    mutationFn: () => api.delete(path),
    onSuccess: () => {
      onGone();
      refresh();
      notifyUndo(`“${sample.name}” deleted`, () => restore.mutate());
    },
  });
  return (
    <Paper p="md">
      <Stack gap="md">
        <Name key={sample.name} sample={sample} editable={mayEdit} onSave={(name) => change.mutate({ name })} />
        <WholeLabel projectId={projectId} segments={segments} editable={mayLabel} />
        <div>
          <Text size="sm" fw={500} mb={4}>
            Split
          </Text>
          <SegmentedControl
            fullWidth
            size="sm"
            disabled={!mayEdit}
            value={change.isPending && change.variables?.split ? change.variables.split : sample.split}
            onChange={(split) => change.mutate({ split: split as Split })}
            data={[
              { value: 'training', label: 'Training' },
              { value: 'testing', label: 'Testing' },
            ]}
          />
        </div>
        <Metadata key={JSON.stringify(sample.metadata)} sample={sample} editable={mayEdit} onSave={(metadata) => change.mutate({ metadata })} />
        <Facts sample={sample} />
        {sample.warnings.length > 0 && (
          <div>
            <Title order={3} mb={4}>
              Notes from the import
            </Title>
            {sample.warnings.map((warning) => (
              <Text key={warning} size="sm" c="dimmed">
                {warning}
              </Text>
            ))}
          </div>
        )}
        <Group gap="xs">
          {sample.file_bytes !== null && (
            <Button component="a" href={apiUrl(`${path}/file`)} download size="xs" variant="default" leftSection={<IconDownload size={14} />}>
              Download
            </Button>
          )}
          {mayEdit && (
            <Button size="xs" variant="default" c="red" leftSection={<IconTrash size={14} />} loading={remove.isPending} onClick={() => remove.mutate()}>
              Delete
            </Button>
          )}
        </Group>
      </Stack>
    </Paper>
  );
}
