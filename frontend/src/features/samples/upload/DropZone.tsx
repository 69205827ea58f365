import { Stack, Text } from '@mantine/core';
import { IconUpload } from '@tabler/icons-react';
import { useRef, useState, type DragEvent, type ReactNode } from 'react';
import type { Picked } from './batches';
import { fromDrop } from './collect';
import classes from './DropZone.module.css';

interface Props {
  enabled: boolean;
  onFiles: (files: Picked[]) => void;
  children: ReactNode;
}

/** Files, folders and zips may be dropped anywhere on the page. */
export function DropZone({ enabled, onFiles, children }: Props) {
  const depth = useRef(0); // enter and leave also fire for every element inside
  const [over, setOver] = useState(false);
  const hasFiles = (event: DragEvent) => enabled && Array.from(event.dataTransfer.types).includes('Files');
  return (
    <div
      className={classes.zone}
      onDragEnter={(event) => {
        if (!hasFiles(event)) return;
        event.preventDefault();
        depth.current += 1;
        setOver(true);
      }}
      onDragOver={(event) => {
        if (!hasFiles(event)) return;
        event.preventDefault();
        event.dataTransfer.dropEffect = 'copy';
      }}
      onDragLeave={(event) => {
        if (!hasFiles(event)) return;
        depth.current -= 1;
        if (depth.current <= 0) setOver(false);
      }}
      onDrop={async (event) => {
        if (!hasFiles(event)) return;
        event.preventDefault();
        depth.current = 0;
        setOver(false);
        const files = await fromDrop(event.dataTransfer);
        if (files.length > 0) onFiles(files);
      }}
    >
      {children}
      {over && (
        <div className={classes.veil}>
          <Stack align="center" gap="xs">
            <IconUpload size={36} stroke={1.5} />
            <Text fw={600}>Drop to upload</Text>
            <Text size="sm">You choose labels and split next</Text>
          </Stack>
        </div>
      )}
    </div>
  );
}
