import { Alert, Button, Checkbox, Code, CopyButton, Group, Paper, Skeleton, Stack, Text, Title, Tooltip } from '@mantine/core';
import { IconCheck, IconCopy, IconDownload, IconLock } from '@tabler/icons-react';
import { useState } from 'react';
import { ErrorCard } from 'components/ErrorCard';
import { bytes } from 'lib/format';
import type { Id } from 'lib/types';
import { fileUrl, useFiles, type Board } from './api';
import { commandLine } from './stages';

const HELP: Record<string, string> = {
  elf: 'with symbols, for a debugger',
  bin: 'plain image, for most flashers',
  hex: 'Intel HEX, with its addresses',
  zip: 'C sources with CMake',
  map: 'what lies where',
  json: 'the report',
};

const endingOf = (name: string) => name.slice(name.lastIndexOf('.') + 1).toLowerCase();

function Flashing({ board, names }: { board: Board; names: string[] }) {
  const files = Object.fromEntries(names.map((name) => [endingOf(name), name]));
  const command = board.flasher.command.length > 0 ? commandLine(board.flasher.command, files) : '';
  return (
    <Stack gap="xs" mt="md">
      <Title order={3}>On to the board</Title>
      <Text size="sm">{board.flasher.help}</Text>
      {command && (
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
      )}
      {board.uart && (
        <Text size="xs" c="dimmed">
          Serial link: {board.uart}
        </Text>
      )}
    </Stack>
  );
}

interface Props {
  projectId: Id;
  deploymentId: Id;
  /** The image failed its verification: it is only handed out to those who say that they know. */
  failed: boolean;
  board: Board | undefined;
}

/** The files, and how to bring them on to the board. */
export function FilesCard({ projectId, deploymentId, failed, board }: Props) {
  const { data, error, isPending, refetch } = useFiles(projectId, deploymentId, true);
  const [knows, setKnows] = useState(false);
  const locked = failed && !knows;
  return (
    <Paper p="md">
      <Title order={2} mb="sm">
        Files
      </Title>
      {failed && (
        <Alert color="red" icon={<IconLock />} mb="sm" title="This image failed its verification">
          <Checkbox
            mt={4}
            color="red"
            checked={knows}
            onChange={(event) => setKnows(event.currentTarget.checked)}
            label="I know that it does not compute what the model does, and want it to look for the reason"
          />
        </Alert>
      )}
      {error && <ErrorCard error={error} retry={() => void refetch()} />}
      {isPending && <Skeleton h={80} />}
      <Stack gap="xs">
        {data?.map((file) => (
          <Group key={file.name} justify="space-between" wrap="nowrap" gap="sm">
            <div style={{ minWidth: 0 }}>
              <Text size="sm" className="truncate" title={file.name}>
                {file.name}
              </Text>
              <Text size="xs" c="dimmed" className="tabular">
                {[bytes(file.bytes), HELP[endingOf(file.name)]].filter(Boolean).join(', ')}
              </Text>
            </div>
            {locked ? (
              <Button size="xs" variant="default" disabled leftSection={<IconLock size={14} />}>
                Locked
              </Button>
            ) : (
              <Button
                size="xs"
                variant="default"
                component="a"
                href={fileUrl(projectId, deploymentId, file.name, failed)}
                download={file.name}
                leftSection={<IconDownload size={14} />}
                aria-label={`Download ${file.name}`}
              >
                Download
              </Button>
            )}
          </Group>
        ))}
      </Stack>
      {board && data && !failed && <Flashing board={board} names={data.map((file) => file.name)} />}
    </Paper>
  );
}
