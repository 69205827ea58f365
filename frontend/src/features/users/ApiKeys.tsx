import { ActionIcon, Alert, Button, Code, Group, Modal, Skeleton, Stack, Text, TextInput, Tooltip } from '@mantine/core';
import { IconKey, IconPlus, IconTrash } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ConfirmDialog } from 'components/ConfirmDialog';
import { CopyField } from 'components/CopyField';
import { ErrorCard } from 'components/ErrorCard';
import { Section } from 'components/Section';
import { api } from 'lib/api';
import { ago, dateTime } from 'lib/format';
import type { Id, Page, Schemas } from 'lib/types';

type ApiKey = Schemas['KeyOut'];
type NewKey = Schemas['KeyWithSecret'];

const KEY = ['keys'];

function CreateKey({ projectId, opened, onClose }: { projectId: Id | null; opened: boolean; onClose: () => void }) {
  const client = useQueryClient();
  const [name, setName] = useState('');
  const create = useMutation({
    meta: { ownError: true },
    mutationFn: () => api.post<NewKey>('/keys', { name: name.trim(), project_id: projectId }),
    onSuccess: () => client.invalidateQueries({ queryKey: KEY }),
  });
  const close = () => {
    onClose();
    setName('');
    create.reset();
  };
  return (
    <Modal opened={opened} onClose={close} title={create.data ? 'Your new key' : 'New API key'}>
      {create.data ? (
        <Stack>
          <CopyField label={create.data.name} value={create.data.secret} />
          <Alert color="yellow" title="Copy it now">
            This is the only time it is shown; the server keeps no copy that could be read.
          </Alert>
          <Group justify="flex-end">
            <Button onClick={close}>Done</Button>
          </Group>
        </Stack>
      ) : (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            create.mutate();
          }}
        >
          <Stack>
            <TextInput
              label="Name"
              placeholder="Lab computer"
              description="So that you know later where it is used"
              required
              data-autofocus
              value={name}
              onChange={(e) => setName(e.currentTarget.value)}
            />
            {create.isError && <ErrorCard error={create.error} />}
            <Group justify="flex-end">
              <Button variant="default" onClick={close}>
                Cancel
              </Button>
              <Button type="submit" loading={create.isPending} disabled={!name.trim()}>
                Create key
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Modal>
  );
}

function KeyRow({ item, onRevoke }: { item: ApiKey; onRevoke: () => void }) {
  const used = item.last_used_at ? `used ${ago(item.last_used_at)}` : 'never used';
  return (
    <Group wrap="nowrap" gap="sm">
      <div style={{ flex: 1, minWidth: 0 }}>
        <Text size="sm" fw={500} className="truncate" title={item.name}>
          {item.name}
        </Text>
        <Text size="xs" c="dimmed" title={dateTime(item.last_used_at)}>
          <Code>{item.prefix}…</Code> {used}
        </Text>
      </div>
      <Tooltip label="Revoke">
        <ActionIcon variant="subtle" color="gray" aria-label={`Revoke ${item.name}`} onClick={onRevoke}>
          <IconTrash size={16} />
        </ActionIcon>
      </Tooltip>
    </Group>
  );
}

interface Props {
  projectId?: Id | null;
  /** Admins see all keys of a project. */
  everybodys?: boolean;
}

/** The keys of the account, or (with `projectId`) those that reach one project only. */
export function ApiKeys({ projectId = null, everybodys = false }: Props) {
  const client = useQueryClient();
  const [creating, setCreating] = useState(false);
  const [revoking, setRevoking] = useState<ApiKey | null>(null);
  const keys = useQuery({
    queryKey: [...KEY, everybodys ? projectId : null],
    queryFn: () => api.get<Page<ApiKey>>('/keys', everybodys ? { project_id: projectId } : {}),
  });
  const revoke = useMutation({
    mutationFn: (key: ApiKey) => api.delete(`/keys/${key.id}`),
    onSettled: () => {
      setRevoking(null);
      return client.invalidateQueries({ queryKey: KEY });
    },
  });
  const shown = keys.data?.items.filter((key) => (projectId ? key.project_id === projectId : key.project_id === null)) ?? [];
  return (
    <Section
      title="API keys"
      description={
        projectId
          ? 'Keys that reach only this project, for the mote command, scripts and boards. A key may do what its maker may.'
          : 'Keys that may do whatever you may do, in every project. For one project, make a key in its settings.'
      }
      actions={
        <Button variant="light" leftSection={<IconPlus size={16} />} onClick={() => setCreating(true)}>
          New key
        </Button>
      }
    >
      {keys.isError && <ErrorCard error={keys.error} retry={() => keys.refetch()} />}
      {keys.isPending && <Skeleton h={64} />}
      {keys.data && shown.length === 0 && (
        <Group gap="xs" c="dimmed">
          <IconKey size={18} />
          <Text size="sm">No keys yet.</Text>
        </Group>
      )}
      <Stack gap="sm">
        {shown.map((item) => (
          <KeyRow key={item.id} item={item} onRevoke={() => setRevoking(item)} />
        ))}
      </Stack>
      <CreateKey projectId={projectId} opened={creating} onClose={() => setCreating(false)} />
      <ConfirmDialog
        opened={revoking !== null}
        title={`Revoke “${revoking?.name ?? ''}”?`}
        confirm="Revoke"
        busy={revoke.isPending}
        onConfirm={() => revoking && revoke.mutate(revoking)}
        onClose={() => setRevoking(null)}
      >
        Whatever uses this key stops working at once. This cannot be taken back.
      </ConfirmDialog>
    </Section>
  );
}
