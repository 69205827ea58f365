/** The files of a drop or of a file dialog, with folders opened. */
import { isJunk, type Picked } from './batches';

function readEntries(reader: FileSystemDirectoryReader): Promise<FileSystemEntry[]> {
  return new Promise((resolve, reject) => reader.readEntries(resolve, reject));
}

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => entry.file(resolve, reject));
}

async function walk(entry: FileSystemEntry, found: Picked[]): Promise<void> {
  const path = entry.fullPath.replace(/^\//, '');
  if (isJunk(path)) return;
  if (entry.isFile) {
    found.push({ file: await fileOf(entry as FileSystemFileEntry), path });
    return;
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  // A reader gives at most 100 entries at a time; an empty answer means the end.
  for (let entries = await readEntries(reader); entries.length > 0; entries = await readEntries(reader)) {
    for (const inner of entries) await walk(inner, found);
  }
}

const byPath = (a: Picked, b: Picked) => a.path.localeCompare(b.path, undefined, { numeric: true });

/** Everything that was dropped. The entries must be taken from the event at once: it is emptied after it was handled. */
export async function fromDrop(transfer: DataTransfer): Promise<Picked[]> {
  const entries = Array.from(transfer.items)
    .filter((item) => item.kind === 'file')
    .map((item) => item.webkitGetAsEntry?.() ?? null);
  const loose = Array.from(transfer.files);
  const found: Picked[] = [];
  if (entries.some(Boolean)) {
    for (const entry of entries) if (entry) await walk(entry, found);
  } else found.push(...fromList(loose));
  return found.sort(byPath);
}

/** What was chosen in a file dialog; folders chosen there bring their paths. */
export function fromList(files: Iterable<File>): Picked[] {
  return Array.from(files)
    .map((file) => ({ file, path: file.webkitRelativePath || file.name }))
    .filter(({ path }) => !isJunk(path))
    .sort(byPath);
}
