/** Sends files in batches and gathers what became of every one of them. */
import { ApiError, upload } from 'lib/api';
import type { Id, Schemas } from 'lib/types';
import { batches, isLabelList, type Picked } from './batches';

export type LabelRule = Pick<Schemas['LabelRule'], 'kind'> & Partial<Schemas['LabelRule']>;
export type SplitRule = Pick<Schemas['SplitRule'], 'kind'> & Partial<Schemas['SplitRule']>;

export interface UploadOptions {
  label_rule: LabelRule;
  split_rule: SplitRule;
  read_options: Record<string, string | number | boolean>;
  /** One label for all. */
  label?: string;
}

export type Question = Schemas['Choice'];
export type Refused = Pick<Schemas['RefusedFile'], 'file' | 'message' | 'hint' | 'questions'>;
export type UploadAnswer = Pick<Schemas['UploadReport'], 'imported' | 'refused' | 'duplicates' | 'ignored' | 'missing' | 'warnings' | 'job_id'>;

export interface Report extends Omit<UploadAnswer, 'job_id'> {
  /** Large archives that the server imports in the background. */
  jobs: Id[];
  /** Not sent: stopped, or the server went away. */
  unsent: Picked[];
  /** Why it ended early, in words. */
  error: unknown;
}

export const emptyReport = (): Report => ({ imported: [], refused: [], duplicates: [], ignored: [], missing: [], warnings: [], jobs: [], unsent: [], error: null });

export interface UploadProgress {
  sentBytes: number;
  totalBytes: number;
  doneFiles: number;
  totalFiles: number;
}

type Send = (path: string, form: FormData, onSent: (bytes: number) => void, signal: AbortSignal) => Promise<UploadAnswer>;

interface Job {
  path: string;
  files: readonly Picked[];
  options: UploadOptions;
  onProgress: (progress: UploadProgress) => void;
  signal: AbortSignal;
  /** Replaced in tests. */
  send?: Send;
}

function form(batch: readonly Picked[], companions: readonly Picked[], options: UploadOptions): FormData {
  const data = new FormData();
  data.append('options', JSON.stringify(options));
  const all = [...companions, ...batch];
  for (const { file, path } of all) data.append('files', file, path);
  // Some servers in between cut the folders off a file's name.
  data.append('paths', JSON.stringify(all.map(({ path }) => path)));
  return data;
}

/** A batch does not hold all files of a list: only what every batch misses is missing, and one line for it is enough. */
const SPEAKS_OF_MISSING = /listed with labels and (is|are) not there/;

function add(report: Report, answer: UploadAnswer, seen: Set<string>, first: boolean) {
  const fresh = (file: string) => !seen.has(file);
  if (answer.job_id) report.jobs.push(answer.job_id);
  report.missing = first ? answer.missing : report.missing.filter((file) => answer.missing.includes(file));
  report.ignored.push(...answer.ignored.filter((file) => fresh(file) && !report.ignored.includes(file)));
  report.imported.push(...answer.imported.filter(({ file }) => fresh(file)));
  report.duplicates.push(...answer.duplicates.filter(({ file }) => fresh(file)));
  report.refused.push(...answer.refused.filter(({ file }) => fresh(file)));
  for (const warning of answer.warnings) {
    if (!SPEAKS_OF_MISSING.test(warning) && !report.warnings.includes(warning)) report.warnings.push(warning);
  }
}

/** Refusals that concern one batch only; anything else (no session, no server) ends the upload. */
const isOfBatch = (error: unknown): error is ApiError => error instanceof ApiError && [400, 413, 422].includes(error.status);

/** Never rejects: what went wrong stands in the report. */
export async function runUpload({ path, files, options, onProgress, signal, send = upload }: Job): Promise<Report> {
  const listed = (picked: Picked) => isLabelList(picked.path) || (options.label_rule.kind === 'file' && picked.path.endsWith(options.label_rule.pattern ?? '\n'));
  const companions = files.filter(listed);
  const recordings = files.filter((picked) => !listed(picked));
  const queue = batches(recordings.length > 0 ? recordings : companions);
  const withEach = recordings.length > 0 ? companions : [];
  const totalBytes = queue.flat().reduce((sum, { file }) => sum + file.size, 0);
  const report = emptyReport();
  const seen = new Set<string>(); // label lists go along with every batch, and are reported once
  let sentBytes = 0;
  let doneFiles = 0;
  let first = true;
  const totalFiles = recordings.length || companions.length;
  const tell = (current: number) => onProgress({ sentBytes: Math.min(totalBytes, sentBytes + current), totalBytes, doneFiles, totalFiles });

  onProgress({ sentBytes: 0, totalBytes, doneFiles: 0, totalFiles });
  while (queue.length > 0) {
    const batch = queue[0];
    try {
      const answer = await send(path, form(batch, withEach, options), tell, signal);
      add(report, answer, seen, first);
      first = false;
    } catch (error) {
      if (isOfBatch(error) && batch.length > 1) {
        // Too large together, or one of them is impossible: halve, so that only the culprit is refused.
        const half = Math.ceil(batch.length / 2);
        queue.splice(0, 1, batch.slice(0, half), batch.slice(half));
        continue;
      }
      if (!isOfBatch(error)) {
        report.unsent = queue.flat();
        report.error = error;
        return report;
      }
      report.refused.push({ file: batch[0].path, message: error.message, hint: error.hint });
    }
    withEach.forEach((picked) => seen.add(picked.path));
    queue.shift();
    sentBytes += batch.reduce((sum, { file }) => sum + file.size, 0);
    doneFiles += batch.length;
    onProgress({ sentBytes, totalBytes, doneFiles, totalFiles });
  }
  return report;
}

/** A question that one or many files have in common. */
export interface Asked extends Question {
  files: string[];
}

/** Equal questions of different files are asked once. */
export function asked(refused: readonly Refused[]): Asked[] {
  const found = new Map<string, Asked>();
  for (const { file, questions } of refused)
    for (const question of questions ?? []) {
      const key = JSON.stringify([question.option, question.text, question.choices]);
      const known = found.get(key);
      if (known) known.files.push(file);
      else found.set(key, { ...question, files: [file] });
    }
  return Array.from(found.values());
}

/** Answers as the API takes them: numbers as numbers, yes and no as booleans. */
export function readOptions(answers: Record<string, string>): UploadOptions['read_options'] {
  return Object.fromEntries(
    Object.entries(answers).map(([option, text]) => {
      if (text === 'true' || text === 'false') return [option, text === 'true'];
      if (option === 'rate_hz') return [option, Number(text.replace(',', '.'))];
      return [option, text];
    }),
  );
}

/** The picked files that some reported names belong to; a name inside of a zip begins with the zip's own. */
export function filesOf(names: readonly string[], files: readonly Picked[]): Picked[] {
  const wanted = new Set(names);
  const zips = files.filter(({ path }) => path.toLowerCase().endsWith('.zip'));
  const inZip = new Set(zips.filter(({ path }) => names.some((name) => name.startsWith(`${path}/`))).map(({ path }) => path));
  return files.filter(({ path }) => wanted.has(path) || inZip.has(path) || isLabelList(path));
}

/** The report after some of its files were tried again. */
export function merge(before: Report, again: Report, names: readonly string[]): Report {
  const retried = new Set(names);
  const already = new Set(before.imported.map(({ file }) => file));
  return {
    imported: [...before.imported, ...again.imported],
    // A zip is sent as a whole: what was imported from it the first time comes back as a duplicate of itself.
    duplicates: [...before.duplicates, ...again.duplicates.filter(({ file }) => !already.has(file) && !before.duplicates.some((known) => known.file === file))],
    refused: [...before.refused.filter(({ file }) => !retried.has(file)), ...again.refused.filter(({ file }) => retried.has(file) || !before.refused.some((known) => known.file === file))],
    ignored: before.ignored,
    missing: before.missing.filter((file) => again.missing.length === 0 || again.missing.includes(file)),
    warnings: Array.from(new Set([...before.warnings, ...again.warnings])),
    jobs: [...before.jobs, ...again.jobs],
    unsent: [...before.unsent, ...again.unsent],
    error: again.error ?? before.error,
  };
}
