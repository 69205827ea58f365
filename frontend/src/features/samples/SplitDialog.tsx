import { Autocomplete, Button, Group, Modal, NumberInput, Radio, Stack, Text, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { ErrorCard } from 'components/ErrorCard';
import { notifyUndo } from 'components/notify';
import { api } from 'lib/api';
import { plural } from 'lib/format';
import type { Id } from 'lib/types';
import { samplesPath, useRefreshSamples, useSummary } from './queries';

type Kind = 'hash' | 'group' | 'where';

/** Divides all samples anew, with a way back. */
export function SplitDialog({ projectId, onClose }: { projectId: Id; onClose: () => void }) {
  const refresh = useRefreshSamples(projectId);
  const summary = useSummary(projectId);
  const [kind, setKind] = useState<Kind>('hash');
  const [percent, setPercent] = useState(20);
  const [key, setKey] = useState('');
  const [values, setValues] = useState('');
  const undo = useMutation({
    mutationFn: (undoToken: string) => api.post(`${samplesPath(projectId)}/bulk`, { action: 'undo', undo_token: undoToken }),
    onSettled: refresh,
  });
  const list = values
    .split(',')
    .map((value) => value.trim())
    .filter(Boolean);
  const split = useMutation({
    meta: { ownError: true },
    mutationFn: () =>
      api.post<{ changed: number; undo_token?: string | null }>(`${samplesPath(projectId)}/split`, {
        rule: { kind, testing_percent: percent, ...(kind === 'hash' ? {} : { key: key.trim() }), ...(kind === 'where' ? { values: list } : {}) },
      }),
    onSuccess: ({ changed, undo_token: token }) => {
      if (token) notifyUndo(`${plural(changed, 'sample')} moved`, () => undo.mutate(token));
      onClose();
    },
    onSettled: refresh,
  });
  const ready = (kind === 'hash' || key.trim() !== '') && (kind !== 'where' || list.length > 0);
  return (
    <Modal opened onClose={onClose} title="Split into training and testing" size="md">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          split.mutate();
        }}
      >
        <Stack>
          <Text size="sm" c="dimmed">
            A model is tested with recordings it has never learned from. Whole recordings are moved, never parts of one.
          </Text>
          <Radio.Group value={kind} onChange={(value) => setKind(value as Kind)}>
            <Stack gap="sm">
              <Radio value="hash" label="By content" description="A fixed share; a recording stays on its side when others come or go" />
              <Radio value="group" label="By a person, device, …" description="The same, but all recordings of one stay together: how good is the model with strangers?" />
              <Radio value="where" label="Testing are those I name" description="For example speaker: theo, jackson" />
            </Stack>
          </Radio.Group>
          {kind !== 'hash' && <Autocomplete label="Metadata" placeholder="speaker" required data={summary.data?.metadata_keys ?? []} value={key} onChange={setKey} />}
          {kind === 'where' ? (
            <TextInput label="Values for testing" placeholder="theo, jackson" required value={values} onChange={(e) => setValues(e.currentTarget.value)} />
          ) : (
            <NumberInput label="For testing" suffix=" %" min={0} max={100} allowDecimal={false} value={percent} onChange={(value) => setPercent(Number(value) || 0)} />
          )}
          {split.isError && <ErrorCard error={split.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" disabled={!ready} loading={split.isPending}>
              Split
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
