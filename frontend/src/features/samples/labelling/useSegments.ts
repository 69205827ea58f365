/** The segments on the page and on the server: changes are saved shortly after, and never over somebody else's. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useReducer, useRef, useState } from 'react';
import { ApiError, api } from 'lib/api';
import type { Id, Segment } from 'lib/types';
import { sampleKeys, samplesPath, type Sample } from '../queries';
import { EMPTY, labelling, plain, sameSegments } from './segments';

const QUIET_MS = 700;
const NOT_LOADED = -1;

export type SaveState = 'saved' | 'waiting' | 'saving' | 'conflict' | 'failed';

export function useSegments(projectId: Id, sample: Sample, onSaved: () => void) {
  const client = useQueryClient();
  const [state, dispatch] = useReducer(labelling, EMPTY);
  const [save, setSave] = useState<SaveState>('saved');
  const [theirs, setTheirs] = useState<Sample | null>(null);
  const [error, setError] = useState<unknown>(null);
  /** How often saving has come to an end; a quick answer may never show as pending, and still another round may be due. */
  const [rounds, setRounds] = useState(0);
  /** What the server has, as far as this page knows. */
  const base = useRef<{ version: number; segments: readonly Segment[] }>({ version: NOT_LOADED, segments: [] });
  const mine = useRef<Segment[]>([]);
  mine.current = plain(state.segments);

  const take = useCallback((row: Sample) => {
    base.current = { version: row.version, segments: row.segments };
    dispatch({ type: 'load', segments: row.segments, duration: row.duration_s, shortest: 1 / row.rate_hz });
    setTheirs(null);
    setError(null);
    setSave('saved');
  }, []);

  const accept = useCallback(
    (row: Sample) => {
      base.current = { version: row.version, segments: row.segments };
      client.setQueryData(sampleKeys.one(projectId, row.id), row);
    },
    [client, projectId],
  );

  const put = useMutation({
    meta: { ownError: true },
    mutationFn: (segments: Segment[]) => api.put<Sample>(`${samplesPath(projectId)}/${sample.id}/segments`, { version: base.current.version, segments }),
    onMutate: () => {
      setError(null);
      setSave('saving');
    },
    onSuccess: (row, sent) => {
      accept(row);
      setTheirs(null);
      setSave(sameSegments(sent, mine.current) ? 'saved' : 'waiting');
      onSaved();
    },
    onError: (cause, sent) => {
      const current = cause instanceof ApiError && cause.status === 409 ? (cause.detail?.current as Sample | undefined) : undefined;
      if (!current) {
        setError(cause);
        setSave('failed');
        return;
      }
      const labelsAreMine = sameSegments(current.segments, base.current.segments) || sameSegments(current.segments, sent);
      base.current = { ...base.current, version: current.version };
      if (labelsAreMine) setSave('waiting'); // only its name or metadata changed: nothing is lost by saving again
      else {
        setTheirs(current);
        setSave('conflict');
      }
    },
    onSettled: () => setRounds((was) => was + 1),
  });

  // The sample as it comes from the server: the first time, and when others changed it while nothing is unsaved here.
  useEffect(() => {
    if (sample.version <= base.current.version || put.isPending) return;
    const unsaved = base.current.version !== NOT_LOADED && !sameSegments(mine.current, base.current.segments);
    if (unsaved) return; // saving will meet the newer version and say so
    if (base.current.version !== NOT_LOADED && sameSegments(sample.segments, base.current.segments)) base.current = { ...base.current, version: sample.version };
    else take(sample);
  }, [sample, take, put.isPending]);

  const dirty = base.current.version !== NOT_LOADED && !sameSegments(plain(state.segments), base.current.segments);
  const { mutate, mutateAsync, isPending } = put;
  useEffect(() => {
    if (!dirty || isPending || save === 'conflict' || save === 'failed') return undefined;
    setSave('waiting');
    const timer = setTimeout(() => mutate(mine.current), QUIET_MS);
    return () => clearTimeout(timer);
  }, [dirty, isPending, mutate, rounds, save, state.segments]);

  // A change undone before it was saved needs no saving.
  useEffect(() => {
    if (!dirty && save === 'waiting' && !isPending) setSave('saved');
  }, [dirty, isPending, save]);

  const unsaved = useRef(false);
  unsaved.current = dirty && save !== 'conflict';
  useEffect(() => {
    const warn = (event: BeforeUnloadEvent) => {
      if (unsaved.current) event.preventDefault();
    };
    window.addEventListener('beforeunload', warn);
    return () => {
      window.removeEventListener('beforeunload', warn);
      if (unsaved.current) mutate(mine.current); // going to another sample within the quiet time
    };
  }, [mutate]);

  return {
    state,
    dispatch,
    save,
    error,
    /** The other version, while both have changed. */
    theirs,
    takeTheirs: () => {
      if (!theirs) return;
      client.setQueryData(sampleKeys.one(projectId, theirs.id), theirs);
      take(theirs);
    },
    keepMine: () => mutate(mine.current),
    retry: () => mutate(mine.current),
    /** Before something else of the sample is saved with its version. */
    flush: async () => {
      if (unsaved.current && !isPending) await mutateAsync(mine.current);
      return base.current.version;
    },
    accept,
  };
}

export type Segments = ReturnType<typeof useSegments>;
