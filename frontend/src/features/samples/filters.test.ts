import { DEFAULT_SORT, filterQuery, filtersFrom, isFiltered, nextSort, searchFrom, type Filters } from './filters';

const all: Filters = { search: '', label: null, split: null, sort: DEFAULT_SORT, page: 1 };

test('filters survive the way through the address', () => {
  const filters: Filters = { search: 'a & b', label: 'walk', split: 'testing', sort: 'name', page: 3 };
  expect(filtersFrom(searchFrom(filters))).toEqual(filters);
  expect(filtersFrom(searchFrom({ ...all, label: '' }))).toEqual({ ...all, label: '' });
});

test('the plain list has a plain address', () => expect(searchFrom(all).toString()).toBe(''));

test('nonsense in an address is ignored', () => {
  expect(filtersFrom(new URLSearchParams('page=-3&sort=colour&split=half'))).toEqual(all);
});

test('the API gets the filters without page and order', () => {
  expect(filterQuery({ ...all, search: 'x', label: '', sort: 'name', page: 9 })).toEqual({ search: 'x', label: '(none)' });
  expect(isFiltered(all)).toBe(false);
});

test('a second click on a column turns its order round', () => {
  expect(nextSort('-created', 'name')).toBe('name');
  expect(nextSort('name', 'name')).toBe('-name');
  expect(nextSort('-name', 'name')).toBe('name');
  expect(nextSort('name', 'duration')).toBe('-duration');
  expect(nextSort('-duration', 'duration')).toBe('duration');
});
