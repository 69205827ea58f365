import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useReducer, useRef, useState, useSyncExternalStore } from 'react';
import { nativeModule } from 'lib/native';
import { projectKeys } from 'lib/projects';
import type { Id } from 'lib/types';
import { deleteSample, restoreSample, saveRecording, type Source } from './api';
import type { Piece } from './recorder';
import { recordingName, recordingsReducer, type Recording } from './recordings';
import { LiveSession, type Snapshot } from './session';

function sourceOf(snapshot: Snapshot): Source {
  const { hello } = snapshot;
  return { device: hello?.board || 'serial', firmware: hello?.firmware ?? '', synthetic: hello?.source?.synthetic ?? false };
}

/** What was recorded on this page, and the way to store it, take it back and store it again. */
function useRecordings(projectId: Id) {
  const client = useQueryClient();
  const [list, dispatch] = useReducer(recordingsReducer, [] as Recording[]);
  const next = useRef(1);
  const names = useRef(new Set<string>());

  const save = useCallback(
    async (key: number, name: string, piece: Piece, source: Source) => {
      try {
        dispatch({ kind: 'saved', key, sampleId: await saveRecording(projectId, name, piece, source) });
        await client.invalidateQueries({ queryKey: projectKeys.noun(projectId, 'samples') });
      } catch (error) {
        dispatch({ kind: 'failed', key, error: error instanceof Error ? error.message : String(error) });
      }
    },
    [client, projectId],
  );

  const add = useCallback(
    (piece: Piece, source: Source) => {
      const key = next.current;
      next.current += 1;
      const name = recordingName(piece.label, piece.startedAt, names.current);
      names.current.add(name);
      dispatch({ kind: 'add', key, name, piece });
      void save(key, name, piece, source);
    },
    [save],
  );

  const retry = (entry: Recording, source: Source) => {
    dispatch({ kind: 'saving', key: entry.key });
    void save(entry.key, entry.name, entry.piece, source);
  };
  const undo = async (entry: Recording) => {
    if (!entry.sampleId) return;
    await deleteSample(projectId, entry.sampleId);
    dispatch({ kind: 'undone', key: entry.key });
  };
  const restore = async (entry: Recording) => {
    if (!entry.sampleId) return;
    await restoreSample(projectId, entry.sampleId);
    dispatch({ kind: 'restored', key: entry.key });
  };
  const forget = (entry: Recording) => dispatch({ kind: 'forget', key: entry.key });
  return { list, add, retry, undo, restore, forget };
}

export type Recordings = ReturnType<typeof useRecordings>;

/** The board of this page: closed when the page is left. */
export function useLive(projectId: Id) {
  const recordings = useRecordings(projectId);
  const add = useRef(recordings.add);
  useEffect(() => {
    add.current = recordings.add;
  });
  const [session] = useState(() => {
    const made: LiveSession = new LiveSession(nativeModule, (piece) => add.current(piece, sourceOf(made.getSnapshot())));
    return made;
  });
  useEffect(() => () => void session.disconnect(), [session]);
  const snapshot = useSyncExternalStore(session.subscribe, session.getSnapshot);
  const source = useMemo(() => sourceOf(snapshot), [snapshot]);
  return { session, snapshot, recordings, source };
}
