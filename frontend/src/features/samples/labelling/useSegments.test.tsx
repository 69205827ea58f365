import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act, renderHook, waitFor } from '@testing-library/react';
import type { ReactNode } from 'react';
import type { Sample } from '../queries';
import { plain } from './segments';
import { useSegments } from './useSegments';

const sample: Sample = {
  id: 's',
  project_id: 'p',
  name: 'walk',
  label: 'walk',
  labels: ['walk'],
  segments: [{ start_s: 0, end_s: 4, label: 'walk' }],
  split: 'training',
  metadata: {},
  rate_hz: 100,
  readings: 1000,
  duration_s: 10,
  axes: [{ name: 'x', unit: '' }],
  version: 3,
  format: 'csv',
  warnings: [],
  file_name: null,
  file_bytes: null,
  content_hash: '',
  created_by: null,
  created_at: '',
  updated_at: '',
  deleted_at: null,
};

const drawn = { type: 'add', start_s: 5, end_s: 6, label: 'run' } as const;

/** A server with one sample, as the API behaves: a stale version is refused with the row as it is. */
function server(row: Sample) {
  const stored = { row };
  const put = jest.fn(async (_url: string, init: RequestInit) => {
    const sent = JSON.parse(String(init.body)) as Pick<Sample, 'version' | 'segments'>;
    const stale = sent.version !== stored.row.version;
    if (!stale) stored.row = { ...stored.row, segments: sent.segments, version: sent.version + 1 };
    const body = stale ? { error: { code: 'conflict', message: 'Too late.', current: stored.row } } : stored.row;
    return { ok: !stale, status: stale ? 409 : 200, text: async () => JSON.stringify(body) };
  });
  global.fetch = put as unknown as typeof fetch;
  return { stored, put };
}

function open(row: Sample) {
  const client = new QueryClient();
  const wrapper = ({ children }: { children: ReactNode }) => <QueryClientProvider client={client}>{children}</QueryClientProvider>;
  return renderHook(({ current }) => useSegments('p', current, () => undefined), { wrapper, initialProps: { current: row } });
}

test('a change is saved after a moment, with the version that was seen', async () => {
  const { stored, put } = server(sample);
  const { result } = open(sample);
  act(() => result.current.dispatch(drawn));
  expect(put).not.toHaveBeenCalled();
  await waitFor(() => expect(result.current.save).toBe('saved'), { timeout: 3000 });
  expect(put).toHaveBeenCalledTimes(1);
  expect(stored.row.segments).toHaveLength(2);
  expect(stored.row.version).toBe(4);
});

test('labels that somebody else changed are not written over before the person decides', async () => {
  const theirs = { ...sample, version: 4, segments: [{ start_s: 1, end_s: 2, label: 'sit' }] };
  const { stored } = server(theirs);
  const { result } = open(sample);
  act(() => result.current.dispatch(drawn));
  await waitFor(() => expect(result.current.save).toBe('conflict'), { timeout: 3000 });
  expect(stored.row).toEqual(theirs);
  act(() => result.current.keepMine());
  await waitFor(() => expect(result.current.save).toBe('saved'));
  expect(stored.row.segments.map(({ label }) => label)).toEqual(['walk', 'run']);
});

test('theirs can be taken', async () => {
  const theirs = { ...sample, version: 4, segments: [{ start_s: 1, end_s: 2, label: 'sit' }] };
  const { stored } = server(theirs);
  const { result } = open(sample);
  act(() => result.current.dispatch(drawn));
  await waitFor(() => expect(result.current.save).toBe('conflict'), { timeout: 3000 });
  act(() => result.current.takeTheirs());
  expect(plain(result.current.state.segments)).toEqual(theirs.segments);
  expect(stored.row).toEqual(theirs);
});

test('a new name of the sample does not stand in the way of saving labels', async () => {
  const { stored } = server({ ...sample, version: 7, name: 'long walk' });
  const { result } = open(sample);
  act(() => result.current.dispatch(drawn));
  await waitFor(() => expect(stored.row.segments).toHaveLength(2), { timeout: 5000 });
  expect(stored.row.name).toBe('long walk');
});

test('what others change shows at once while nothing is unsaved here', async () => {
  server(sample);
  const { result, rerender } = open(sample);
  rerender({ current: { ...sample, version: 4, segments: [] } });
  expect(result.current.state.segments).toEqual([]);
});

test('leaving before the moment is over saves still', async () => {
  const { stored } = server(sample);
  const { result, unmount } = open(sample);
  act(() => result.current.dispatch(drawn));
  unmount();
  await waitFor(() => expect(stored.row.segments).toHaveLength(2));
});
