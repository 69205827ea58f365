import { NOTHING, chooseEverything, isEmpty, step, toggle, togglePage } from './selection';

const order = ['a', 'b', 'c', 'd', 'e'];
const ids = (selection: { ids: ReadonlySet<string> }) => Array.from(selection.ids).sort().join('');

test('a click turns a row over', () => {
  const one = toggle(NOTHING, order, 'b', false);
  expect(ids(one)).toBe('b');
  expect(isEmpty(toggle(one, order, 'b', false))).toBe(true);
});

test('shift chooses everything from the row clicked before, in both directions', () => {
  const from = toggle(NOTHING, order, 'b', false);
  expect(ids(toggle(from, order, 'd', true))).toBe('bcd');
  expect(ids(toggle(from, order, 'a', true))).toBe('ab');
});

test('shift without a row clicked before is a plain click', () => expect(ids(toggle(NOTHING, order, 'c', true))).toBe('c'));

test('the page is chosen and let go at once, others stay', () => {
  const other = toggle(NOTHING, ['z'], 'z', false);
  const page = togglePage(other, order);
  expect(ids(page)).toBe('abcdez');
  expect(ids(togglePage(page, order))).toBe('z');
});

test('letting one go after everything was chosen keeps the rest of the page', () => {
  const everything = chooseEverything(togglePage(NOTHING, order));
  expect(ids(toggle(everything, order, 'c', false))).toBe('abde');
});

test('arrow keys stop at the ends', () => {
  expect(step(order, null, 1)).toBe('a');
  expect(step(order, 'e', 1)).toBe('e');
  expect(step(order, 'c', -1)).toBe('b');
  expect(step([], null, 1)).toBeNull();
});
