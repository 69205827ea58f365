/** What the list shows, kept in the address so that a link or the back button brings it back. */
import type { Split } from 'lib/types';

export type Sort = 'name' | '-name' | 'label' | '-label' | 'duration' | '-duration' | 'created' | '-created';

export interface Filters {
  search: string;
  /** null: all; "": samples without a label. */
  label: string | null;
  split: Split | null;
  sort: Sort;
  /** From 1. */
  page: number;
}

export const PAGE_SIZE = 50;
export const DEFAULT_SORT: Sort = '-created';
/** What stands in the address and in the API for "has no label". */
export const UNLABELLED = '(none)';

const SORTS: readonly string[] = ['name', '-name', 'label', '-label', 'duration', '-duration', 'created', '-created'];

export function filtersFrom(search: URLSearchParams): Filters {
  const label = search.get('label');
  const split = search.get('split');
  const sort = search.get('sort') ?? '';
  const page = Number(search.get('page'));
  return {
    search: search.get('search') ?? '',
    label: label === null ? null : label === UNLABELLED ? '' : label,
    split: split === 'training' || split === 'testing' ? split : null,
    sort: SORTS.includes(sort) ? (sort as Sort) : DEFAULT_SORT,
    page: Number.isInteger(page) && page > 0 ? page : 1,
  };
}

export function searchFrom(filters: Filters): URLSearchParams {
  const search = new URLSearchParams();
  if (filters.search) search.set('search', filters.search);
  if (filters.label !== null) search.set('label', filters.label === '' ? UNLABELLED : filters.label);
  if (filters.split) search.set('split', filters.split);
  if (filters.sort !== DEFAULT_SORT) search.set('sort', filters.sort);
  if (filters.page > 1) search.set('page', String(filters.page));
  return search;
}

/** The filters as the API takes them, without the page. */
export function filterQuery(filters: Filters): Record<string, string> {
  const search = searchFrom({ ...filters, page: 1, sort: DEFAULT_SORT });
  return Object.fromEntries(search.entries());
}

export const isFiltered = (filters: Filters) => filters.search !== '' || filters.label !== null || filters.split !== null;

/** A click on a column: first its natural order, then the other way round. */
export function nextSort(current: Sort, column: 'name' | 'label' | 'duration' | 'created'): Sort {
  const first: Sort = column === 'created' || column === 'duration' ? `-${column}` : column;
  const second: Sort = first.startsWith('-') ? (column as Sort) : `-${column}`;
  return current === first ? second : first;
}
