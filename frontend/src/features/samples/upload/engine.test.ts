import { ApiError } from 'lib/api';
import { batches, isJunk, isLabelList, type Picked } from './batches';
import { asked, filesOf, merge, readOptions, runUpload, type UploadAnswer, type UploadOptions } from './engine';
import { groupRefused } from './ReportView';

const picked = (path: string): Picked => ({ path, file: new File(['x'], path) });
const sized = (path: string, size: number): Picked => {
  const file = new File(['x'], path);
  Object.defineProperty(file, 'size', { value: size });
  return { path, file };
};
const options: UploadOptions = { label_rule: { kind: 'folder' }, split_rule: { kind: 'files' }, read_options: {} };
const nothing: UploadAnswer = { imported: [], refused: [], duplicates: [], ignored: [], missing: [], warnings: [], job_id: null };

/** The paths in a form; jsdom's File keeps only the last part of the name it was given. */
const names = (form: FormData) => form.getAll('files').map((file) => (file as File).name);

function run(files: Picked[], send: (form: FormData) => Promise<UploadAnswer>, signal = new AbortController().signal) {
  return runUpload({ path: '/p', files, options, onProgress: () => undefined, signal, send: (_path, form) => send(form) });
}

test('batches hold to both limits, and a huge file goes alone', () => {
  const files = [sized('a', 10), sized('b', 10), sized('c', 100), sized('d', 1)];
  expect(batches(files, 2, 50).map((batch) => batch.map(({ path }) => path))).toEqual([['a', 'b'], ['c'], ['d']]);
  expect(batches(Array.from({ length: 7 }, (_, i) => picked(`${i}`)), 3).map((batch) => batch.length)).toEqual([3, 3, 1]);
  expect(batches([])).toEqual([]);
});

test('what systems leave behind is not uploaded', () => {
  expect(isJunk('set/.DS_Store')).toBe(true);
  expect(isJunk('__MACOSX/a.wav')).toBe(true);
  expect(isJunk('set/a.wav')).toBe(false);
  expect(isLabelList('set/info.labels')).toBe(true);
});

test('answers of all batches come together', async () => {
  const files = Array.from({ length: 130 }, (_, i) => picked(`${i}.csv`));
  const report = await run(files, async (form) => ({ ...nothing, imported: names(form).map((file) => ({ file, sample_ids: [file], warnings: [] })) }));
  expect(report.imported).toHaveLength(130);
  expect(report.unsent).toEqual([]);
  expect(report.error).toBeNull();
});

test('a list of labels goes along with every batch and is reported once; missing is what every batch misses', async () => {
  const files = [picked('info.labels'), ...Array.from({ length: 61 }, (_, i) => picked(`${i}.csv`))];
  const sent: string[][] = [];
  const report = await run(files, async (form) => {
    sent.push(names(form));
    return { ...nothing, ignored: ['info.labels'], missing: sent.length === 1 ? ['60.csv', 'lost.csv'] : ['0.csv', 'lost.csv'] };
  });
  expect(sent).toHaveLength(2);
  expect(sent.every((batch) => batch.includes('info.labels'))).toBe(true);
  expect(report.ignored).toEqual(['info.labels']);
  expect(report.missing).toEqual(['lost.csv']);
});

test('a batch that is refused as a whole is halved until the culprit stands alone', async () => {
  const files = ['a', 'b', 'bad', 'c'].map((path) => picked(path));
  const report = await run(files, async (form) => {
    if (names(form).includes('bad')) throw new ApiError(413, 'too_large', 'Too large.', 'Cut it.');
    return { ...nothing, imported: names(form).map((file) => ({ file, sample_ids: ['x'], warnings: [] })) };
  });
  expect(report.imported.map(({ file }) => file)).toEqual(['a', 'b', 'c']);
  expect(report.refused).toEqual([{ file: 'bad', message: 'Too large.', hint: 'Cut it.' }]);
});

test('when the server goes away the rest is kept for another try', async () => {
  const files = Array.from({ length: 61 }, (_, i) => picked(`${i}.csv`));
  let calls = 0;
  const report = await run(files, async () => {
    calls += 1;
    if (calls === 2) throw new ApiError(0, 'unreachable', 'Gone.');
    return nothing;
  });
  expect(report.unsent).toHaveLength(1);
  expect(report.error).toBeInstanceOf(ApiError);
});

test('equal questions of many files are asked once', () => {
  const question = { option: 'time_unit', text: "Unit of the column 't'", choices: ['s', 'ms'] };
  const other = { option: 'rate_hz', text: 'Readings a second (Hz)', choices: [] };
  const found = asked([
    { file: 'a', message: '', hint: '', questions: [question] },
    { file: 'b', message: '', hint: '', questions: [{ ...question }] },
    { file: 'c', message: '', hint: '', questions: [other] },
    { file: 'd', message: 'broken', hint: '' },
  ]);
  expect(found.map(({ option, files }) => [option, files])).toEqual([
    ['time_unit', ['a', 'b']],
    ['rate_hz', ['c']],
  ]);
});

test('answers have the types that the API takes', () => {
  expect(readOptions({ rate_hz: '62,5', resample: 'false', time_unit: 'ms' })).toEqual({ rate_hz: 62.5, resample: false, time_unit: 'ms' });
});

test('a file inside of a zip is found by its zip', () => {
  const files = [picked('all.zip'), picked('a.csv'), picked('b.csv')];
  expect(filesOf(['all.zip/x/1.csv', 'b.csv'], files).map(({ path }) => path)).toEqual(['all.zip', 'b.csv']);
});

test('a second try replaces what it tried again', () => {
  const empty = { ...nothing, jobs: [], unsent: [], error: null };
  const before = { ...empty, imported: [{ file: 'z/1', sample_ids: ['1'], warnings: [] }], refused: [{ file: 'z/2', message: 'unit?', hint: '' }] };
  const again = { ...empty, imported: [{ file: 'z/2', sample_ids: ['2'], warnings: [] }], duplicates: [{ file: 'z/1', sample_id: '1' }] };
  const report = merge(before, again, ['z/2']);
  expect(report.imported.map(({ file }) => file)).toEqual(['z/1', 'z/2']);
  expect(report.refused).toEqual([]);
  expect(report.duplicates).toEqual([]);
});

test('files refused for one reason are shown together', () => {
  const groups = groupRefused([
    { file: 'a', message: 'a: no readings', hint: 'h' },
    { file: 'b', message: 'b: no readings', hint: 'h' },
    { file: 'c', message: 'c: broken', hint: '' },
  ]);
  expect(groups.map(({ message, files }) => [message, files])).toEqual([
    ['no readings', ['a', 'b']],
    ['broken', ['c']],
  ]);
});
