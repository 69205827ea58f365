/**
 * A label has the same colour everywhere and keeps it: the colour comes from the label's name, and only when two names of
 * one project want the same colour does the later one (by name) move on to the next free colour.
 */

/** Told apart on white and on black, also by most colour-blind people when next to each other. */
export const LABEL_COLORS = [
  '#2f9e8f', // teal
  '#e07b39', // orange
  '#6c6fd8', // indigo
  '#c94f7c', // rose
  '#7fa82e', // olive green
  '#3a8fd0', // blue
  '#d0a215', // mustard
  '#9b59b6', // purple
  '#c0563f', // brick
  '#4aa36b', // green
  '#8a7f6d', // sand
  '#5d7c99', // slate
] as const;

/** Lines of a plot, in the order of the axes. */
export const AXIS_COLORS = ['#3a8fd0', '#e07b39', '#2f9e8f', '#c94f7c', '#6c6fd8', '#d0a215', '#7fa82e', '#9b59b6', '#c0563f'] as const;

export const UNLABELLED_COLOR = '#8b9196';

/** FNV-1a, 32 bit: small, and the same everywhere. */
export function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) {
    value ^= text.charCodeAt(i);
    value = Math.imul(value, 0x01000193) >>> 0;
  }
  return value;
}

/** The colour of every label of a project. */
export function labelColors(labels: Iterable<string>): Map<string, string> {
  const colors = new Map<string, string>();
  const taken = new Set<number>();
  for (const label of Array.from(new Set(labels)).sort()) {
    let slot = hash(label) % LABEL_COLORS.length;
    for (let tries = 0; taken.has(slot) && tries < LABEL_COLORS.length; tries += 1) slot = (slot + 1) % LABEL_COLORS.length;
    taken.add(slot);
    colors.set(label, LABEL_COLORS[slot]);
  }
  return colors;
}

export function labelColor(label: string | null | undefined, colors?: Map<string, string>): string {
  if (!label) return UNLABELLED_COLOR;
  return colors?.get(label) ?? LABEL_COLORS[hash(label) % LABEL_COLORS.length];
}
