/** Many files become requests of a bearable size. */

/** A file and its path inside of what was dropped ("walking/01.csv"). */
export interface Picked {
  file: File;
  path: string;
}

export const BATCH_FILES = 60;
export const BATCH_BYTES = 25 * 1024 * 1024;

/** Lists of labels go along with every batch: whichever files it holds, their labels are in reach. */
export function isLabelList(path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase();
  return name.endsWith('.labels') || ['labels.csv', 'label.csv', 'metadata.csv', 'annotations.csv'].includes(name);
}

/** What operating systems leave in folders and nobody means to upload. */
export function isJunk(path: string): boolean {
  return path.split('/').some((part) => part.startsWith('.') || part === '__MACOSX' || part === 'Thumbs.db' || part === 'desktop.ini');
}

/** In order; a file larger than the limit gets a batch of its own. */
export function batches(files: readonly Picked[], maxFiles = BATCH_FILES, maxBytes = BATCH_BYTES): Picked[][] {
  const result: Picked[][] = [];
  let batch: Picked[] = [];
  let size = 0;
  for (const picked of files) {
    if (batch.length > 0 && (batch.length >= maxFiles || size + picked.file.size > maxBytes)) {
      result.push(batch);
      batch = [];
      size = 0;
    }
    batch.push(picked);
    size += picked.file.size;
  }
  if (batch.length > 0) result.push(batch);
  return result;
}
