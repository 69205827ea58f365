import { LABEL_COLORS, UNLABELLED_COLOR, labelColor, labelColors } from './colors';

const names = ['idle', 'walk', 'run', 'jump', 'wave', 'stairs', 'sit', 'stand', 'fall', 'cycle', 'lie', 'turn'];

test('as many labels as colours all differ', () => {
  expect(new Set(labelColors(names).values()).size).toBe(LABEL_COLORS.length);
});

test('the order in which labels come does not matter', () => {
  expect(labelColors([...names].reverse())).toEqual(labelColors(names));
});

test('more labels than colours still have a colour', () => {
  const many = Array.from({ length: 40 }, (_, i) => `label ${i}`);
  expect(Array.from(labelColors(many).values()).every((color) => (LABEL_COLORS as readonly string[]).includes(color))).toBe(true);
});

test('no label has its own colour', () => expect(labelColor(null)).toBe(UNLABELLED_COLOR));
