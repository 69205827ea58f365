/**
 * Labels out of folders and file names, as a preview before anything is sent. The server does the work; mote/labels.py has
 * the same rules.
 */

export interface Match {
  label: string | null;
  /** The other named parts, which become metadata. */
  fields: Record<string, string>;
}

const NAME = /^[A-Za-z_][A-Za-z0-9_]{0,39}$/;

/** What is wrong with a pattern, in words; null when it is fine. */
export function patternProblem(pattern: string): string | null {
  if (!pattern.trim()) return 'Write how the files are named, for example {label}_{speaker}_{index}';
  const names = Array.from(pattern.matchAll(/\{([^{}]*)\}/g)).map((match) => match[1]);
  const wrong = names.find((name) => !NAME.test(name));
  if (wrong !== undefined) return `{${wrong}} is not a name: use letters, digits and _`;
  if (new Set(names).size !== names.length) return 'Every name may stand only once';
  if (/[{}]/.test(pattern.replace(/\{[^{}]*\}/g, ''))) return 'A { or } has no partner';
  if (!names.includes('label')) return 'One part must be {label}';
  return null;
}

/** `{name}` takes as few characters as it can, `*` stands for anything; neither crosses a folder. */
function compile(pattern: string): RegExp {
  const pieces = pattern.split(/(\{[^{}]*\}|\*)/).map((piece) => {
    if (piece === '*') return '[^/]*';
    if (/^\{.*\}$/.test(piece)) return `(?<${piece.slice(1, -1)}>[^/]+?)`;
    return piece.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  });
  return new RegExp(`^${pieces.join('')}$`);
}

/** What a pattern makes of a path; null when it does not fit. Call only with a pattern without problems. */
export function matchPattern(pattern: string, path: string): Match | null {
  const expression = compile(pattern);
  const tail = path
    .split('/')
    .slice(-pattern.split('/').length)
    .join('/');
  const dot = tail.lastIndexOf('.');
  const groups = (expression.exec(dot > 0 ? tail.slice(0, dot) : tail) ?? expression.exec(tail))?.groups;
  if (!groups) return null;
  const { label, split: _split, ...fields } = groups;
  return { label: label ?? null, fields };
}

const SPLIT_WORDS = ['training', 'train', 'validation', 'val', 'testing', 'test'];

/** The innermost folder that is neither an archive nor a word for a split. */
export function folderLabel(path: string): string | null {
  const folders = path.split('/').filter(Boolean).slice(0, -1);
  const named = folders.filter((folder) => !SPLIT_WORDS.includes(folder.toLowerCase()) && !folder.toLowerCase().endsWith('.zip'));
  return named.length > 0 ? named[named.length - 1] : null;
}

const AUTO_PATTERNS = ['{label}.*', '{label}_{speaker}_{index}', '{label}_{index}', '{label}-{index}'];

/** The labels that a pattern gives; null unless it fits every path in the way it is meant. */
function labelsBy(pattern: string, paths: readonly string[]): Set<string> | null {
  const labels = new Set<string>();
  for (const path of paths) {
    const found = matchPattern(pattern, path);
    const name = path.slice(path.lastIndexOf('/') + 1);
    const dotted = name.replace(/\.[^.]*$/, '').includes('.');
    if (!found?.label || !/^[\p{L}\p{N}_ \-+@]{1,60}$/u.test(found.label)) return null;
    if (!/^\d+$/.test(found.fields.index ?? '0') || dotted !== pattern.includes('.*')) return null;
    labels.add(found.label);
  }
  return labels;
}

export type Detected = { kind: 'folder' } | { kind: 'name'; pattern: string } | { kind: 'none' };

/** The rule that fits every file. Found over all files at once, because the server sees only one batch at a time. */
export function detect(paths: readonly string[]): Detected {
  if (paths.length === 0) return { kind: 'none' };
  const folders = new Set(paths.map(folderLabel));
  if (!folders.has(null) && folders.size >= 2) return { kind: 'folder' };
  for (const pattern of AUTO_PATTERNS) {
    const labels = labelsBy(pattern, paths);
    if (labels && labels.size >= 2 && labels.size <= Math.max(2, paths.length / 2) && labels.size <= 200) return { kind: 'name', pattern };
  }
  return { kind: 'none' };
}
