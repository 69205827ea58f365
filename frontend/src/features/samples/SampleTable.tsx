import { Badge, Checkbox, Table, Text, UnstyledButton } from '@mantine/core';
import { IconChevronDown, IconChevronUp } from '@tabler/icons-react';
import { useRef, type KeyboardEvent } from 'react';
import { Link, useNavigate } from 'react-router';
import { LabelDot } from 'components/LabelDot';
import { PathName } from 'components/PathName';
import { ago, dateTime, duration } from 'lib/format';
import type { Id } from 'lib/types';
import type { Sort } from './filters';
import { nextSort } from './filters';
import type { Sample } from './queries';
import classes from './SampleTable.module.css';
import { NOTHING, step, toggle, togglePage, type Selection } from './selection';

type Column = 'name' | 'label' | 'duration' | 'created';

/** "walk" for one label, "walk, idle" for several; null for none. */
export function labelText(sample: Pick<Sample, 'label' | 'segments'>): string | null {
  if (sample.label) return sample.label;
  const labels = Array.from(new Set(sample.segments.map((segment) => segment.label)));
  return labels.length > 0 ? labels.join(', ') : null;
}

function Head({ column, sort, onSort, children }: { column: Column; sort: Sort; onSort: (sort: Sort) => void; children: string }) {
  const active = sort === column || sort === `-${column}`;
  const Arrow = sort.startsWith('-') ? IconChevronDown : IconChevronUp;
  return (
    <UnstyledButton
      className={classes.sort}
      onClick={() => onSort(nextSort(sort, column))}
      aria-label={`Sort by ${children.toLowerCase()}`}
      data-active={active || undefined}
    >
      {children}
      <Arrow size={14} />
    </UnstyledButton>
  );
}

interface RowProps {
  sample: Sample;
  to: string;
  chosen: boolean;
  colors: Map<string, string>;
  onToggle: (shift: boolean) => void;
  focusable: boolean;
}

function Row({ sample, to, chosen, colors, onToggle, focusable }: RowProps) {
  const navigate = useNavigate();
  const shift = useRef(false);
  return (
    <Table.Tr
      className={classes.row}
      data-id={sample.id}
      data-chosen={chosen || undefined}
      tabIndex={focusable ? 0 : -1}
      aria-selected={chosen}
      onClick={(event) => {
        if ((event.target as Element).closest('a, input, label, button')) return;
        if (event.shiftKey || event.ctrlKey || event.metaKey) onToggle(event.shiftKey);
        else navigate(to);
      }}
      onMouseDown={(event) => event.shiftKey && event.preventDefault()}
    >
      <Table.Td className={classes.check}>
        <Checkbox
          size="sm"
          tabIndex={-1}
          aria-label={`Choose ${sample.name}`}
          checked={chosen}
          onClick={(event) => {
            shift.current = event.shiftKey;
          }}
          onChange={() => onToggle(shift.current)}
        />
      </Table.Td>
      <Table.Td className={classes.name}>
        <Link to={to} className={classes.link} tabIndex={-1}>
          <PathName path={sample.name} />
        </Link>
        <div className={classes.small}>
          <LabelDot label={labelText(sample)} colors={colors} />
        </div>
      </Table.Td>
      <Table.Td visibleFrom="sm" className={classes.label}>
        <LabelDot label={labelText(sample)} colors={colors} />
      </Table.Td>
      <Table.Td visibleFrom="sm" w={104}>
        <Badge variant="light" color={sample.split === 'testing' ? 'blue' : 'gray'} tt="none" fw={500}>
          {sample.split}
        </Badge>
      </Table.Td>
      <Table.Td w={92} ta="right" className="tabular">
        <Text size="sm">{duration(sample.duration_s)}</Text>
      </Table.Td>
      <Table.Td visibleFrom="md" w={120} ta="right">
        <Text size="sm" c="dimmed" title={dateTime(sample.created_at)}>
          {ago(sample.created_at)}
        </Text>
      </Table.Td>
    </Table.Tr>
  );
}

interface Props {
  samples: Sample[];
  selection: Selection;
  onSelection: (selection: Selection) => void;
  colors: Map<string, string>;
  sort: Sort;
  onSort: (sort: Sort) => void;
  /** The address of a sample's page; `index` counts from 0 on this page of the list. */
  address: (sample: Sample, index: number) => string;
  onDelete: () => void;
}

/** The list. Arrows move, space chooses, Shift extends, Ctrl+A chooses the page, Enter opens, Delete deletes. */
export function SampleTable({ samples, selection, onSelection, colors, sort, onSort, address, onDelete }: Props) {
  const body = useRef<HTMLTableSectionElement>(null);
  const navigate = useNavigate();
  const order = samples.map((sample) => sample.id);
  const chosen = (id: Id) => selection.everything || selection.ids.has(id);
  const some = order.some(chosen);
  const all = order.length > 0 && order.every(chosen);

  const onKeyDown = (event: KeyboardEvent) => {
    const row = (event.target as Element).closest<HTMLElement>('tr[data-id]');
    const id = row?.dataset.id ?? null;
    const focus = (next: Id | null) => body.current?.querySelector<HTMLElement>(`tr[data-id="${next}"]`)?.focus();
    const modified = event.ctrlKey || event.metaKey;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      const next = step(order, id, event.key === 'ArrowDown' ? 1 : -1);
      if (next && event.shiftKey && id) onSelection(toggle(chosen(id) ? { ...selection, anchor: selection.anchor ?? id } : toggle(selection, order, id, false), order, next, true));
      focus(next);
    } else if (event.key === ' ' && id) onSelection(toggle(selection, order, id, event.shiftKey));
    else if (event.key === 'a' && modified) onSelection(all ? selection : togglePage(selection, order));
    else if (event.key === 'Enter' && id && event.target === row) navigate(address(samples[order.indexOf(id)], order.indexOf(id)));
    else if (event.key === 'Delete' && some) onDelete();
    else if (event.key === 'Escape' && some) onSelection(NOTHING);
    else return;
    event.preventDefault();
  };

  return (
    <Table className={classes.table} verticalSpacing={7} onKeyDown={onKeyDown}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th className={classes.check}>
            <Checkbox
              size="sm"
              aria-label="Choose all on this page"
              checked={all}
              indeterminate={some && !all}
              onChange={() => onSelection(togglePage(selection, order))}
            />
          </Table.Th>
          <Table.Th>
            <Head column="name" sort={sort} onSort={onSort}>
              Name
            </Head>
          </Table.Th>
          <Table.Th visibleFrom="sm" className={classes.label}>
            <Head column="label" sort={sort} onSort={onSort}>
              Label
            </Head>
          </Table.Th>
          <Table.Th visibleFrom="sm" w={104}>
            Split
          </Table.Th>
          <Table.Th ta="right" w={92}>
            <Head column="duration" sort={sort} onSort={onSort}>
              Length
            </Head>
          </Table.Th>
          <Table.Th visibleFrom="md" ta="right" w={120}>
            <Head column="created" sort={sort} onSort={onSort}>
              Added
            </Head>
          </Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody ref={body}>
        {samples.map((sample, index) => (
          <Row
            key={sample.id}
            sample={sample}
            to={address(sample, index)}
            chosen={chosen(sample.id)}
            colors={colors}
            focusable={index === 0 || chosen(sample.id)}
            onToggle={(shift) => onSelection(toggle(selection, order, sample.id, shift))}
          />
        ))}
      </Table.Tbody>
    </Table>
  );
}
