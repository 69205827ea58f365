import { Alert, Anchor, Box, Button, Code, CopyButton, Group, List, Paper, Select, SimpleGrid, Stack, Text, Title, Tooltip } from '@mantine/core';
import { IconCheck, IconCopy, IconPlugConnected, IconTerminal2, IconUsb } from '@tabler/icons-react';
import { Link } from 'react-router';
import { BAUD_RATES, serialSupport, type Trouble } from 'lib/serial';
import { useStatus } from 'lib/session';
import type { Id } from 'lib/types';

/** The command that does the same as this page, for this project and this server. */
export function streamCommand(projectId: Id, origin: string): string {
  return `mote device stream /dev/ttyACM0 --label wave --seconds 10 --project ${projectId} --server ${origin}`;
}

export function TroubleAlert({ trouble }: { trouble: Trouble }) {
  return (
    <Alert color={trouble.quiet ? 'gray' : 'orange'} title={trouble.message} role={trouble.quiet ? 'status' : 'alert'}>
      {trouble.hint}
    </Alert>
  );
}

export function StreamCommand({ projectId }: { projectId: Id }) {
  const command = streamCommand(projectId, window.location.origin);
  return (
    <Group gap="xs" wrap="nowrap" align="stretch">
      <Code block style={{ flex: 1, whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
        {command}
      </Code>
      <CopyButton value={command}>
        {({ copied, copy }) => (
          <Tooltip label={copied ? 'Copied' : 'Copy'}>
            <Button variant="default" px="sm" h="auto" onClick={copy} aria-label="Copy the command">
              {copied ? <IconCheck size={16} /> : <IconCopy size={16} />}
            </Button>
          </Tooltip>
        )}
      </CopyButton>
    </Group>
  );
}

/** Why there is no connect button here, and what does the same. */
function NoSerial({ projectId, reason }: { projectId: Id; reason: 'no-webserial' | 'insecure-page' }) {
  return (
    <Paper p={{ base: 'md', sm: 'xl' }}>
      <Stack maw={720}>
        <Title order={2}>{reason === 'insecure-page' ? 'Serial ports need a secure page' : 'This browser has no serial ports'}</Title>
        <Text size="sm">
          {reason === 'insecure-page'
            ? 'Browsers open serial ports only on https:// pages and on localhost. Ask whoever runs this server for https, or stream from the command line:'
            : 'Chrome, Edge and Opera on a computer can open a board from this page; Firefox and Safari cannot. The same works from the command line, into the same project:'}
        </Text>
        <StreamCommand projectId={projectId} />
        <Text size="sm" c="dimmed">
          It needs Python and an{' '}
          <Anchor component={Link} to="/account" size="sm">
            API key
          </Anchor>{' '}
          in <Code>MOTE_API_KEY</Code>. Put your own port (<Code>mote device list</Code> shows them) and label in; what it records appears in this project at once.
        </Text>
      </Stack>
    </Paper>
  );
}

function Kinds({ projectId }: { projectId: Id }) {
  const { data: status } = useStatus();
  const noCompiler = status?.tools.some((tool) => !tool.available && /arm|gcc|compiler/i.test(tool.name));
  return (
    <SimpleGrid cols={{ base: 1, md: 2 }} spacing="md">
      <Paper p="md">
        <Group gap="xs" mb="xs">
          <IconUsb size={18} stroke={1.6} />
          <Title order={3}>Any sketch that prints numbers</Title>
        </Group>
        <Text size="sm" c="dimmed" mb="xs">
          One reading a line, separated by commas, tabs or spaces. A first line with names and units is understood, and so is a first column with the time or a
          sequence number.
        </Text>
        <Code block fz="xs">{`t_ms, ax [g], ay [g], az [g]\n120, 0.02, -0.11, 0.98\n130, 0.03, -0.10, 0.99`}</Code>
      </Paper>
      <Paper p="md">
        <Group gap="xs" mb="xs">
          <IconPlugConnected size={18} stroke={1.6} />
          <Title order={3}>Mote firmware</Title>
        </Group>
        <Text size="sm" c="dimmed" mb="xs">
          Knows its own axes, units and rate, counts what is lost on the way, and shows its classification when it carries a model.
        </Text>
        <List size="sm" spacing={4}>
          <List.Item>
            <Anchor component={Link} to={`/projects/${projectId}/deployments?target=data_collection`} size="sm">
              Build data collection firmware
            </Anchor>{' '}
            to record with.
          </List.Item>
          <List.Item>
            <Anchor component={Link} to={`/projects/${projectId}/deployments`} size="sm">
              Build the trained model
            </Anchor>{' '}
            to see it classify.
          </List.Item>
        </List>
        {noCompiler && (
          <Text size="xs" c="orange" mt="xs">
            The compiler for boards is missing on this server; the deployment page says how to get it.
          </Text>
        )}
      </Paper>
    </SimpleGrid>
  );
}

interface Props {
  projectId: Id;
  baud: number;
  onBaud: (baud: number) => void;
  onConnect: () => void;
  busy: boolean;
  trouble: Trouble | null;
}

/** Before a board is connected: how to, and what can be connected. */
export function ConnectCard({ projectId, baud, onBaud, onConnect, busy, trouble }: Props) {
  const support = serialSupport();
  return (
    <Stack>
      {support === 'yes' ? (
        <Paper p={{ base: 'md', sm: 'xl' }}>
          <Stack>
            <Box>
              <Title order={2}>Connect a board</Title>
              <Text size="sm" c="dimmed" mt={4}>
                Plug it in over USB and choose its port. What it sends is recognised by itself.
              </Text>
            </Box>
            <Group align="flex-end">
              <Select
                label="Speed"
                description="Boards with native USB ignore it"
                inputWrapperOrder={['label', 'input', 'description']}
                data={BAUD_RATES.map((rate) => ({ value: String(rate), label: `${rate} baud` }))}
                value={String(baud)}
                onChange={(value) => value && onBaud(Number(value))}
                w={200}
                searchable
              />
              <Button size="md" mb={{ base: 0, xs: 21 }} leftSection={<IconUsb size={18} />} onClick={onConnect} loading={busy}>
                Connect a board
              </Button>
            </Group>
            {trouble && <TroubleAlert trouble={trouble} />}
          </Stack>
        </Paper>
      ) : (
        <NoSerial projectId={projectId} reason={support} />
      )}
      <Kinds projectId={projectId} />
      {support === 'yes' && (
        <Paper p="md">
          <Group gap="xs" mb="xs">
            <IconTerminal2 size={18} stroke={1.6} />
            <Title order={3}>Without this page</Title>
          </Group>
          <Text size="sm" c="dimmed" mb="xs">
            On a computer without a browser this records into the same project. Put your own port and label in:
          </Text>
          <StreamCommand projectId={projectId} />
        </Paper>
      )}
    </Stack>
  );
}
