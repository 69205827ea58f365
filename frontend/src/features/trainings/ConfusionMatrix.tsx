import { Text } from '@mantine/core';
import { useMemo, useRef, useState, type KeyboardEvent } from 'react';
import { cellsOf, cellWords, step, worstConfusion, type Cell } from './confusion';
import classes from './trainings.module.css';

function background({ count, part, correct }: Cell): string {
  if (count === 0) return 'var(--surface-sunken)';
  const color = correct ? 'var(--mantine-color-mote-6)' : 'var(--mantine-color-red-6)';
  return `color-mix(in srgb, ${color} ${Math.round(14 + 66 * part)}%, var(--surface-sunken))`;
}

interface Props {
  labels: string[];
  confusion: number[][];
}

/** Rows are the truth, columns what the model said. One cell is in the tab order; arrow keys walk. */
export function ConfusionMatrix({ labels, confusion }: Props) {
  const cells = useMemo(() => cellsOf(confusion), [confusion]);
  const worst = useMemo(() => worstConfusion(cells), [cells]);
  const [at, setAt] = useState<[number, number]>([0, 0]);
  const [looked, setLooked] = useState<[number, number] | null>(null);
  const table = useRef<HTMLTableElement>(null);
  const shown = looked ?? worst;

  const walk = (event: KeyboardEvent<HTMLTableElement>) => {
    if (!/^(Arrow|Home|End)/.test(event.key)) return;
    event.preventDefault();
    const next = step(at, event.key, labels.length);
    setAt(next);
    table.current?.querySelector<HTMLElement>(`[data-cell="${next.join()}"]`)?.focus();
  };

  return (
    <>
      <div className={classes.scroll}>
        <table ref={table} className={classes.matrix} onKeyDown={walk} aria-label="Confusion matrix: rows are the truth, columns what the model said">
          <thead>
            <tr>
              <th aria-hidden className={classes.corner}>
                truth ↓ said →
              </th>
              {labels.map((label) => (
                <th key={label} scope="col" title={label}>
                  {label}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {cells.map((row, truth) => (
              <tr key={labels[truth]}>
                <th scope="row" title={labels[truth]}>
                  {labels[truth]}
                </th>
                {row.map((cell, said) => (
                  <td
                    key={said}
                    data-cell={`${truth},${said}`}
                    className={classes.cell}
                    style={{ background: background(cell), color: cell.part > 0.55 ? '#fff' : undefined }}
                    tabIndex={truth === at[0] && said === at[1] ? 0 : -1}
                    aria-label={cellWords(labels, cells, truth, said)}
                    onMouseEnter={() => setLooked([truth, said])}
                    onMouseLeave={() => setLooked(null)}
                    onFocus={() => {
                      setAt([truth, said]);
                      setLooked([truth, said]);
                    }}
                    onBlur={() => setLooked(null)}
                  >
                    {cell.count}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <Text size="sm" c="dimmed" mt="xs" mih={22}>
        {shown ? `${looked ? '' : 'Most frequent mistake: '}${cellWords(labels, cells, shown[0], shown[1])}` : 'No mistakes.'}
      </Text>
    </>
  );
}
