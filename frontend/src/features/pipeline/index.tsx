import { Alert, Button, Group, Modal, Paper, Skeleton, Stack, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconBrain, IconCheck, IconSparkles, IconWaveSine } from '@tabler/icons-react';
import { useEffect, useMemo, useReducer, useRef, useState } from 'react';
import { Link, useBlocker } from 'react-router';
import { ConfirmDialog } from 'components/ConfirmDialog';
import { EmptyState } from 'components/EmptyState';
import { ErrorCard } from 'components/ErrorCard';
import { PageHeader } from 'components/PageHeader';
import { ApiError } from 'lib/api';
import { ago, plural } from 'lib/format';
import { useCatalogue, usePipeline, type Catalogue, type Pipeline, type SavedPipeline } from 'lib/pipeline';
import { useOpenProject } from 'lib/projects';
import type { Id } from 'lib/types';
import { currentOf, useFirstSuggestion, usePreview, useSampleChoices, useSavePipeline, useSuggest, type Preview, type SampleChoice } from './api';
import { BlocksForm, LearnForm } from './BlockForm';
import { change, placeOf, problemsOf, samePipeline, type Problems } from './draft';
import classes from './pipeline.module.css';
import { PreviewPanel } from './PreviewPanel';
import { WindowForm } from './WindowForm';

const THINK_MS = 350;
/** How long "Saved" is to be read. */
const SAID_MS = 2500;

function outcomeOf(preview: Preview | undefined): string {
  if (!preview) return '';
  const { window, windows_per_sample } = preview;
  return `${plural(windows_per_sample, 'window')} of ${plural(window.readings, 'reading')} in the chosen sample.`;
}

/** Asks before unsaved changes are lost, on the way to another page and when the tab is closed. */
function LeaveGuard({ dirty }: { dirty: boolean }) {
  const blocker = useBlocker(({ currentLocation, nextLocation }) => dirty && currentLocation.pathname !== nextLocation.pathname);
  useEffect(() => {
    if (!dirty) return undefined;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, [dirty]);
  return (
    <ConfirmDialog
      opened={blocker.state === 'blocked'}
      title="Leave without saving?"
      confirm="Leave"
      onConfirm={() => blocker.proceed?.()}
      onClose={() => blocker.reset?.()}
    >
      Your changes to the pipeline are not saved.
    </ConfirmDialog>
  );
}

interface ConflictProps {
  current: SavedPipeline | null;
  onMine: () => void;
  onTheirs: () => void;
  onClose: () => void;
}

/** Somebody saved in the meantime: whose pipeline is it to be? */
function ConflictDialog({ current, onMine, onTheirs, onClose }: ConflictProps) {
  return (
    <Modal opened={current !== null} onClose={onClose} title="The pipeline was changed meanwhile">
      <Stack>
        <Text size="sm">
          Somebody saved it {current?.updated_at ? ago(current.updated_at) : 'meanwhile'}, after you had opened it. Nothing of theirs is overwritten yet.
        </Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={onTheirs}>
            Take theirs
          </Button>
          <Button onClick={onMine}>Save mine over it</Button>
        </Group>
      </Stack>
    </Modal>
  );
}

interface EditorProps {
  projectId: Id;
  saved: SavedPipeline;
  /** What to begin with: the saved pipeline, or a suggested one. */
  initial: Pipeline;
  catalogue: Catalogue;
  firstSample: SampleChoice;
  mayEdit: boolean;
}

/** A refusal without the words that say where: it stands there. */
const inPlace = ({ message, hint }: ApiError) =>
  [message.replace(/^DSP block \d+ \([^)]*\): /, '').replace(/ \(parameter '[^']*'\)/, ''), hint].filter(Boolean).join(' ');

/** What the server says is wrong, at its place in the form. */
function withRefusal(problems: Problems, error: Error | null, catalogue: Catalogue): Problems {
  if (!(error instanceof ApiError) || error.status !== 422) return problems;
  const place = placeOf(error, catalogue);
  return place ? { ...problems, [place]: inPlace(error) } : problems;
}

function Editor({ projectId, saved, initial, catalogue, firstSample, mayEdit }: EditorProps) {
  const [draft, dispatch] = useReducer(change, initial);
  const [base, setBase] = useState(saved);
  const [sample, setSample] = useState(firstSample);
  const [start_s, setStart] = useState(0);
  const [justSaved, setJustSaved] = useState(false);
  const [conflict, setConflict] = useState<SavedPipeline | null>(null);
  const save = useSavePipeline(projectId);
  const suggest = useSuggest(projectId);
  const isNew = base.pipeline === null;
  const dirty = !samePipeline(draft, base.pipeline ?? initial);

  useEffect(() => {
    if (!justSaved) return undefined;
    const timer = setTimeout(() => setJustSaved(false), SAID_MS);
    return () => clearTimeout(timer);
  }, [justSaved]);

  // Saved elsewhere while nothing was changed here: show it.
  const seen = useRef(saved.version);
  useEffect(() => {
    if (saved.version === seen.current || dirty) return;
    seen.current = saved.version;
    setBase(saved);
    if (saved.pipeline) dispatch({ kind: 'replace', pipeline: saved.pipeline });
  }, [saved, dirty]);

  const own = useMemo(() => problemsOf(draft, catalogue), [draft, catalogue]);
  const isGood = Object.keys(own).length === 0;
  const lastGood = useRef<Pipeline>(initial);
  if (isGood) lastGood.current = draft;
  const [asked] = useDebouncedValue(lastGood.current, THINK_MS);
  const [askedStart] = useDebouncedValue(start_s, 120);
  const preview = usePreview(projectId, asked, sample.id, askedStart);
  // While a change is refused, the last answer stays to be compared with.
  const lastPreview = useRef<Preview | undefined>(undefined);
  if (preview.data) lastPreview.current = preview.data;
  const shown = preview.data ?? lastPreview.current;
  const problems = withRefusal(withRefusal(own, preview.error, catalogue), save.error, catalogue);

  const store = async (version: number) => {
    try {
      const now = await save.mutateAsync({ version, pipeline: draft });
      seen.current = now.version;
      setBase(now);
      setConflict(null);
      if (now.pipeline) dispatch({ kind: 'replace', pipeline: now.pipeline });
      setJustSaved(true);
    } catch (error) {
      setConflict(currentOf(error));
    }
  };
  const take = (theirs: SavedPipeline) => {
    seen.current = theirs.version;
    setBase(theirs);
    setConflict(null);
    save.reset();
    dispatch({ kind: 'replace', pipeline: theirs.pipeline ?? initial });
  };
  const common = { pipeline: draft, catalogue, problems, dispatch, disabled: !mayEdit };

  return (
    <>
      <PageHeader
        title="Pipeline"
        description="From readings to classes: how recordings are cut, what is computed of a window, what learns from it."
        actions={
          <>
            {mayEdit && (
              <Button
                variant="default"
                leftSection={<IconSparkles size={16} />}
                loading={suggest.isPending}
                onClick={() => suggest.mutate(undefined, { onSuccess: ({ pipeline }) => dispatch({ kind: 'replace', pipeline }) })}
              >
                Suggest from my data
              </Button>
            )}
            <Button component={Link} to={`/projects/${projectId}/trainings`} leftSection={<IconBrain size={16} />} variant={dirty || isNew ? 'default' : 'filled'}>
              Go to training
            </Button>
          </>
        }
      />
      <div className={classes.layout}>
        <Stack>
          <WindowForm {...common} outcome={outcomeOf(shown)} />
          <BlocksForm {...common} axes={sample.axes.map((axis) => axis.name)} />
          <LearnForm {...common} />
        </Stack>
        <div className={classes.side}>
          <PreviewPanel
            projectId={projectId}
            pipeline={asked}
            sample={sample}
            onSample={(chosen) => {
              setSample(chosen);
              setStart(0);
            }}
            start_s={start_s}
            onStart={setStart}
            preview={shown}
            busy={preview.isFetching}
            error={preview.error}
            paused={!isGood}
          />
        </div>
      </div>
      {justSaved && !dirty && (
        <Paper p="sm" shadow="md" className={classes.save}>
          <Group gap="xs" role="status">
            <IconCheck size={18} color="var(--mantine-color-teal-6)" />
            <Text size="sm">Saved</Text>
          </Group>
        </Paper>
      )}
      {(dirty || isNew) && mayEdit && (
        <Paper p="sm" shadow="md" className={classes.save}>
          <Stack gap="xs">
            {save.error && !conflict && <ErrorCard error={save.error} />}
            <Group justify="space-between" gap="xs">
              <Text size="sm" role="status">
                {!isGood ? 'Mend the marked fields to save' : isNew && !dirty ? 'Suggested from your data, not saved yet' : 'Unsaved changes'}
              </Text>
              <Group gap="xs">
                {dirty && (
                  <Button variant="default" onClick={() => take(base)}>
                    {isNew ? 'Back to the suggestion' : 'Discard'}
                  </Button>
                )}
                <Button disabled={!isGood} loading={save.isPending} onClick={() => void store(base.version)}>
                  Save
                </Button>
              </Group>
            </Group>
          </Stack>
        </Paper>
      )}
      <ConflictDialog current={conflict} onClose={() => setConflict(null)} onMine={() => void store(conflict?.version ?? 0)} onTheirs={() => conflict && take(conflict)} />
      <LeaveGuard dirty={dirty} />
    </>
  );
}

export default function PipelinePage() {
  const { projectId, may } = useOpenProject();
  const saved = usePipeline(projectId);
  const catalogue = useCatalogue();
  const samples = useSampleChoices(projectId, '');
  const first = samples.data?.items[0];
  const suggestion = useFirstSuggestion(projectId, saved.data?.pipeline === null && first !== undefined);
  const initial = saved.data?.pipeline ?? suggestion.data?.pipeline;
  const error = saved.error ?? catalogue.error ?? samples.error ?? suggestion.error;

  if (error) {
    return (
      <>
        <PageHeader title="Pipeline" />
        <ErrorCard
          error={error}
          retry={() => {
            void saved.refetch();
            void catalogue.refetch();
            void samples.refetch();
            if (suggestion.error) void suggestion.refetch();
          }}
        />
      </>
    );
  }
  if (samples.data && !first) {
    return (
      <>
        <PageHeader title="Pipeline" />
        <EmptyState
          icon={IconWaveSine}
          title="First some recordings"
          action={
            <Group justify="center">
              <Button component={Link} to={`/projects/${projectId}/samples`}>
                Add recordings
              </Button>
              <Button component={Link} to={`/projects/${projectId}/live`} variant="default">
                Record from a board
              </Button>
            </Group>
          }
        >
          A pipeline is chosen by looking at what it makes of your data. Its window, blocks and network are suggested once there are samples.
        </EmptyState>
      </>
    );
  }
  if (!saved.data || !initial || !catalogue.data || !first) {
    return (
      <>
        <PageHeader title="Pipeline" />
        <Stack>
          <Skeleton h={180} />
          <Skeleton h={260} />
        </Stack>
      </>
    );
  }
  return (
    <>
      {!may('editor') && (
        <Alert color="gray" mb="md">
          You may look at the pipeline; editors change it.
        </Alert>
      )}
      <Editor projectId={projectId} saved={saved.data} initial={initial} catalogue={catalogue.data} firstSample={first} mayEdit={may('editor')} />
    </>
  );
}
