import { Alert, Button, Group, Modal, Stack, Text } from '@mantine/core';
import { IconFile, IconFolder, IconUpload } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import { ErrorCard } from 'components/ErrorCard';
import { ProgressLine } from 'components/ProgressLine';
import { bytes, plural } from 'lib/format';
import type { Id } from 'lib/types';
import { samplesPath, useLabels, useRefreshSamples } from '../queries';
import type { Picked } from './batches';
import { fromDrop, fromList } from './collect';
import { asked, filesOf, merge, readOptions, runUpload, type Report, type UploadOptions, type UploadProgress } from './engine';
import { Questions } from './Questions';
import { ReportView } from './ReportView';
import { DEFAULT_RULES, RuleForm, rulesProblem, toOptions, type Rules } from './RuleForm';
import classes from './UploadDialog.module.css';
import type { UploadDialogState } from './useUploadDialog';

function Chooser({ files, onFiles }: { files: Picked[]; onFiles: (files: Picked[]) => void }) {
  const fileInput = useRef<HTMLInputElement>(null);
  const folderInput = useRef<HTMLInputElement>(null);
  const pick = (input: HTMLInputElement) => {
    if (input.files?.length) onFiles(fromList(input.files));
    input.value = '';
  };
  return (
    <div
      className={classes.drop}
      data-full={files.length > 0 || undefined}
      onDragOver={(event) => event.preventDefault()}
      onDrop={async (event) => {
        event.preventDefault();
        event.stopPropagation();
        onFiles(await fromDrop(event.dataTransfer));
      }}
    >
      {files.length > 0 ? (
        <Text size="sm">
          <b>{plural(files.length, 'file')}</b>, {bytes(files.reduce((sum, { file }) => sum + file.size, 0))}
        </Text>
      ) : (
        <>
          <IconUpload size={28} stroke={1.5} />
          <Text size="sm" ta="center">
            Drop files, folders or a zip here. CSV, WAV, JSON and CBOR acquisitions are read.
          </Text>
        </>
      )}
      <Group gap="xs">
        <Button size="xs" variant="light" leftSection={<IconFile size={14} />} onClick={() => fileInput.current?.click()}>
          {files.length > 0 ? 'Other files' : 'Choose files'}
        </Button>
        <Button size="xs" variant="light" leftSection={<IconFolder size={14} />} onClick={() => folderInput.current?.click()}>
          {files.length > 0 ? 'Other folder' : 'Choose a folder'}
        </Button>
      </Group>
      <input ref={fileInput} type="file" multiple hidden aria-label="Files" onChange={(event) => pick(event.currentTarget)} />
      <input
        ref={(element) => {
          folderInput.current = element;
          element?.setAttribute('webkitdirectory', '');
        }}
        type="file"
        multiple
        hidden
        aria-label="Folder"
        onChange={(event) => pick(event.currentTarget)}
      />
    </div>
  );
}

function progressText({ sentBytes, totalBytes, doneFiles, totalFiles }: UploadProgress): string {
  if (sentBytes >= totalBytes && doneFiles < totalFiles) return 'The server is reading the last files';
  return `${doneFiles} of ${plural(totalFiles, 'file')}, ${bytes(sentBytes)} of ${bytes(totalBytes)} sent`;
}

function Body({ projectId, dialog }: { projectId: Id; dialog: UploadDialogState }) {
  const { labels, colors } = useLabels(projectId);
  const refresh = useRefreshSamples(projectId);
  const [files, setFiles] = useState(dialog.files);
  const [rules, setRules] = useState<Rules>(DEFAULT_RULES);
  const [progress, setProgress] = useState<UploadProgress | null>(null);
  const [report, setReport] = useState<Report | null>(null);
  const options = useRef<UploadOptions | null>(null);
  const stop = useRef<AbortController | null>(null);
  const problem = rulesProblem(rules);

  const run = async (these: readonly Picked[], names: readonly string[], before: Report | null) => {
    if (!options.current || these.length === 0) return;
    stop.current = new AbortController();
    const job = { path: samplesPath(projectId), files: these, options: options.current, onProgress: setProgress, signal: stop.current.signal };
    const result = await runUpload(job);
    setProgress(null);
    setReport(before ? merge(before, result, names) : result);
    refresh();
  };
  const start = () => {
    options.current = toOptions(rules, files);
    run(files, [], null);
  };
  const answer = (answers: Record<string, string>, names: string[]) => {
    if (!options.current) return;
    options.current = { ...options.current, read_options: { ...options.current.read_options, ...readOptions(answers) } };
    run(filesOf(names, files), names, report);
  };
  const retryUnsent = () => {
    if (!report) return;
    const { unsent } = report;
    run(filesOf(unsent.map(({ path }) => path), files), [], { ...report, unsent: [], error: null });
  };

  if (progress)
    return (
      <Stack>
        <ProgressLine fraction={progress.totalBytes ? progress.sentBytes / progress.totalBytes : 0} message={progressText(progress)} />
        <Group justify="flex-end">
          <Button variant="default" onClick={() => stop.current?.abort()}>
            Stop
          </Button>
        </Group>
      </Stack>
    );
  if (report) {
    const questions = asked(report.refused);
    const stopped = report.error instanceof DOMException;
    return (
      <Stack>
        {report.error !== null && !stopped && <ErrorCard error={report.error} />}
        {stopped && report.unsent.length > 0 && <Alert color="gray">You stopped the upload. What was imported before stays.</Alert>}
        {questions.length > 0 && <Questions key={report.imported.length + report.refused.length} questions={questions} busy={false} onAnswer={answer} />}
        <ReportView projectId={projectId} report={report} onRetryUnsent={retryUnsent} busy={false} />
        <Group justify="flex-end">
          <Button
            variant="default"
            onClick={() => {
              setReport(null);
              setFiles([]);
            }}
          >
            Upload more
          </Button>
          <Button onClick={dialog.close} data-autofocus>
            Done
          </Button>
        </Group>
      </Stack>
    );
  }
  return (
    <Stack>
      <Chooser files={files} onFiles={(picked) => picked.length > 0 && setFiles(picked)} />
      {files.length > 0 && (
        <>
          <RuleForm files={files} rules={rules} onChange={setRules} labels={labels} colors={colors} />
          <Group justify="flex-end">
            {problem && (
              <Text size="sm" c="dimmed">
                {problem}
              </Text>
            )}
            <Button variant="default" onClick={dialog.close}>
              Cancel
            </Button>
            <Button onClick={start} disabled={problem !== null} leftSection={<IconUpload size={16} />}>
              Upload {plural(files.length, 'file')}
            </Button>
          </Group>
        </>
      )}
    </Stack>
  );
}

/** From files to samples: choose, say where labels and split come from, watch, read the report. */
export function UploadDialog({ projectId, dialog }: { projectId: Id; dialog: UploadDialogState }) {
  return (
    <Modal
      opened={dialog.opened}
      onClose={dialog.close}
      title="Upload recordings"
      size="lg"
      closeOnClickOutside={false}
      styles={{ body: { minHeight: 160 } }}
    >
      <Body key={dialog.key} projectId={projectId} dialog={dialog} />
    </Modal>
  );
}
