/** A confusion matrix in words and shades. Rows are the truth, columns what the model said. */

export interface Cell {
  count: number;
  /** Part of the row, 0 .. 1. */
  part: number;
  correct: boolean;
}

export function cellsOf(confusion: readonly (readonly number[])[]): Cell[][] {
  return confusion.map((row, truth) => {
    const total = row.reduce((sum, count) => sum + count, 0);
    return row.map((count, said) => ({ count, part: total === 0 ? 0 : count / total, correct: truth === said }));
  });
}

/** "12 of 40 windows of “wave” were called “idle” (30 %)." */
export function cellWords(labels: readonly string[], cells: readonly (readonly Cell[])[], truth: number, said: number): string {
  const { count, part } = cells[truth][said];
  const total = cells[truth].reduce((sum, cell) => sum + cell.count, 0);
  const share = `${count} of ${total} windows of “${labels[truth]}”`;
  const percent = `${(part * 100).toFixed(part > 0 && part < 0.1 ? 1 : 0)} %`;
  return truth === said ? `${share} were recognised (${percent}).` : `${share} were called “${labels[said]}” (${percent}).`;
}

/** The confusion that costs most: the largest count off the diagonal; null when there is none. */
export function worstConfusion(cells: readonly (readonly Cell[])[]): [number, number] | null {
  let worst: [number, number] | null = null;
  let most = 0;
  cells.forEach((row, truth) =>
    row.forEach((cell, said) => {
      if (!cell.correct && cell.count > most) [worst, most] = [[truth, said], cell.count];
    }),
  );
  return worst;
}

/** Where an arrow key leads from a cell. */
export function step(at: readonly [number, number], key: string, size: number): [number, number] {
  const by: Record<string, [number, number]> = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
  const [down, right] = by[key] ?? [0, 0];
  const inside = (value: number) => Math.min(size - 1, Math.max(0, value));
  if (key === 'Home') return [at[0], 0];
  if (key === 'End') return [at[0], size - 1];
  return [inside(at[0] + down), inside(at[1] + right)];
}
