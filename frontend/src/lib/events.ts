/**
 * What others (and the workers) do in a project arrives as server-sent events and makes the queries that show it stale.
 *
 * Query keys begin with ["projects", projectId, noun, ...]; an event's kind names the noun.
 */
import { useQueryClient, type QueryKey } from '@tanstack/react-query';
import { useEffect, useRef, useSyncExternalStore } from 'react';
import { apiUrl } from './api';

export type EventKind = 'job' | 'samples' | 'training' | 'deployment' | 'project' | 'pipeline' | 'device' | 'resync';

export interface ProjectEvent {
  kind: EventKind;
  id?: string;
  [field: string]: unknown;
}

const KINDS: EventKind[] = ['job', 'samples', 'training', 'deployment', 'project', 'pipeline', 'device', 'resync'];

/** The query keys that an event of this kind makes stale. */
export function staleKeys(projectId: string, kind: EventKind): QueryKey[] {
  const project: QueryKey = ['projects', projectId];
  const noun = (name: string): QueryKey => [...project, name];
  switch (kind) {
    case 'job':
      return [noun('jobs')];
    case 'samples':
      return [noun('samples'), noun('detail')];
    case 'training':
      return [noun('trainings'), noun('jobs')];
    case 'deployment':
      return [noun('deployments'), noun('jobs')];
    case 'pipeline':
      return [noun('pipeline'), noun('detail')];
    case 'device':
      return [noun('devices')];
    case 'resync': // events were lost: all of it may be old
      return [project];
    case 'project':
      return [noun('detail'), ['projects', 'list']];
  }
}

type Listener = (event: ProjectEvent) => void;
const listeners = new Set<Listener>();
const stateListeners = new Set<() => void>();
let connected = true;

function setConnected(value: boolean) {
  if (connected === value) return;
  connected = value;
  stateListeners.forEach((notify) => notify());
}

/** False while the stream of events is broken; the page then says that what it shows may be old. */
export function useConnected(): boolean {
  return useSyncExternalStore(
    (notify) => {
      stateListeners.add(notify);
      return () => stateListeners.delete(notify);
    },
    () => connected,
  );
}

/** Calls `handler` for every event of the open project; for what wants the event itself and not a fresh query. */
export function useProjectEvent(handler: Listener) {
  const latest = useRef(handler);
  useEffect(() => {
    latest.current = handler;
  });
  useEffect(() => {
    const listener: Listener = (event) => latest.current(event);
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
    };
  }, []);
}

/** Events come in bursts (an upload of 500 files): queries are made stale at most this often. */
const QUIET_MS = 400;

/** Opens the stream of one project; mounted once, by the project's layout. */
export function useProjectEvents(projectId: string) {
  const client = useQueryClient();
  useEffect(() => {
    const pending = new Set<EventKind>();
    let timer: ReturnType<typeof setTimeout> | undefined;
    let opened = false;

    const flush = () => {
      timer = undefined;
      const kinds = Array.from(pending);
      pending.clear();
      const keys = new Map(kinds.flatMap((kind) => staleKeys(projectId, kind)).map((key) => [JSON.stringify(key), key]));
      keys.forEach((queryKey) => client.invalidateQueries({ queryKey }));
    };
    const receive = (message: MessageEvent<string>) => {
      const event = JSON.parse(message.data) as ProjectEvent;
      listeners.forEach((listener) => listener(event));
      pending.add(event.kind);
      timer ??= setTimeout(flush, QUIET_MS);
    };

    const source = new EventSource(apiUrl(`/projects/${projectId}/events`));
    source.onopen = () => {
      // After a break events may have been missed: everything of this project is asked again.
      if (opened) client.invalidateQueries({ queryKey: ['projects', projectId] });
      opened = true;
      setConnected(true);
    };
    source.onerror = () => setConnected(false);
    KINDS.forEach((kind) => source.addEventListener(kind, receive));
    return () => {
      source.close();
      clearTimeout(timer);
      setConnected(true);
    };
  }, [client, projectId]);
}
