import { Alert, Button, Checkbox, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { IconDownload, IconLock } from '@tabler/icons-react';
import { useState } from 'react';
import { bytes } from 'lib/format';
import type { Id } from 'lib/types';
import { fileUrl, type Board, type BuiltFile } from './api';

const HELP: Record<string, string> = {
  elf: 'with symbols, for a debugger',
  bin: 'plain image, for most flashers',
  hex: 'Intel HEX, with its addresses',
  zip: 'C sources with CMake',
  map: 'what lies where',
  json: 'the report',
};

const endingOf = (name: string) => name.slice(name.lastIndexOf('.') + 1).toLowerCase();

function Flashing({ board }: { board: Board }) {
  return (
    <Stack gap={4} mt="md">
      <Title order={3}>On to the board</Title>
      <Text size="sm">{board.flasher}</Text>
      <Text size="xs" c="dimmed">
        Serial link: {board.uart}, {board.baud} baud. Connect it on the live page to see it work.
      </Text>
    </Stack>
  );
}

interface Props {
  projectId: Id;
  deploymentId: Id;
  files: BuiltFile[];
  /** failed, or never verified: the files are only handed out to those who say that they know. */
  needsConsent: boolean;
  failed: boolean;
  board: Board | undefined;
}

/** The files, and how to bring them on to the board. */
export function FilesCard({ projectId, deploymentId, files, needsConsent, failed, board }: Props) {
  const [knows, setKnows] = useState(false);
  const locked = needsConsent && !knows;
  return (
    <Paper p="md">
      <Title order={2} mb="sm">
        Files
      </Title>
      {needsConsent && (
        <Alert color="red" icon={<IconLock />} mb="sm" title={failed ? 'This image failed its verification' : 'This image was not verified'}>
          <Checkbox
            mt={4}
            color="red"
            checked={knows}
            onChange={(event) => setKnows(event.currentTarget.checked)}
            label={
              failed
                ? 'I know that it does not compute what the model does, and want it to look for the reason'
                : 'I know that nobody has checked whether it computes what the model does'
            }
          />
        </Alert>
      )}
      <Stack gap="xs">
        {files.map((file) => (
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
                href={fileUrl(projectId, deploymentId, file.name, needsConsent)}
                download={file.name}
                leftSection={<IconDownload size={14} />}
                style={{ flex: 'none' }}
                aria-label={`Download ${file.name}`}
              >
                Download
              </Button>
            )}
          </Group>
        ))}
      </Stack>
      {board && !failed && <Flashing board={board} />}
    </Paper>
  );
}
