import { ActionIcon, Box, CopyButton, Skeleton, Text, Tooltip } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import { ErrorCard } from 'components/ErrorCard';
import type { Id } from 'lib/types';
import classes from './job.module.css';
import { useJobLog } from './jobs';

interface Props {
  projectId: Id;
  jobId: Id | null | undefined;
  running: boolean;
  height?: number | string;
}

const clock = (iso: string) => new Date(iso).toLocaleTimeString(undefined, { hour12: false });

/** What a job has written; follows the end until the reader scrolls up. */
export function JobLog({ projectId, jobId, running, height = 280 }: Props) {
  const { data, error, isPending, refetch } = useJobLog(projectId, jobId, running);
  const box = useRef<HTMLDivElement>(null);
  const follow = useRef(true);
  const lines = data?.lines ?? [];
  useEffect(() => {
    if (box.current && follow.current) box.current.scrollTop = box.current.scrollHeight;
  }, [lines.length]);
  if (error) return <ErrorCard error={error} retry={() => void refetch()} />;
  if (isPending && jobId) return <Skeleton h={120} />;
  return (
    <Box pos="relative">
      <div
        ref={box}
        className={classes.log}
        style={{ maxHeight: height }}
        role="log"
        aria-label="Log"
        tabIndex={0}
        onScroll={({ currentTarget: at }) => {
          follow.current = at.scrollHeight - at.scrollTop - at.clientHeight < 24;
        }}
      >
        {lines.length === 0 && (
          <Text size="sm" c="dimmed">
            {running ? 'Nothing written yet.' : 'The log is empty.'}
          </Text>
        )}
        {lines.map((line) => (
          <div key={line.id} className={classes.line}>
            <span className={classes.time}>{clock(line.at)}</span>
            <span>{line.text}</span>
          </div>
        ))}
      </div>
      {lines.length > 0 && (
        <CopyButton value={lines.map((line) => `${line.at} ${line.text}`).join('\n')}>
          {({ copied, copy }) => (
            <Tooltip label={copied ? 'Copied' : 'Copy the log'}>
              <ActionIcon className={classes.copy} variant="default" onClick={copy} aria-label="Copy the log">
                {copied ? <IconCheck size={14} /> : <IconCopy size={14} />}
              </ActionIcon>
            </Tooltip>
          )}
        </CopyButton>
      )}
    </Box>
  );
}
