import { detect, folderLabel, matchPattern, patternProblem } from './pattern';

test('named parts are read, all but the label become metadata', () => {
  expect(matchPattern('{label}_{speaker}_{index}', '7_theo_23.wav')).toEqual({ label: '7', fields: { speaker: 'theo', index: '23' } });
});

test('a name that does not fit gives nothing', () => expect(matchPattern('{label}_{speaker}_{index}', 'noise.wav')).toBeNull());

test('the first part takes as little as it can', () => {
  expect(matchPattern('{label}.*', 'idle.01.session2.json')).toEqual({ label: 'idle', fields: {} });
});

test('a pattern with folders looks at as many of them as it has', () => {
  expect(matchPattern('{label}/{person}/*', 'data/run/ada/3.csv')).toEqual({ label: 'run', fields: { person: 'ada' } });
});

test('signs of expressions are only signs', () => {
  expect(matchPattern('{label}(1)+x', 'walk(1)+x.csv')?.label).toBe('walk');
  expect(matchPattern('{label}(1)+x', 'walk11x.csv')).toBeNull();
});

test('what is wrong with a pattern is told', () => {
  expect(patternProblem('{label}_{index}')).toBeNull();
  expect(patternProblem('{speaker}_{index}')).toContain('{label}');
  expect(patternProblem('{label}_{label}')).toContain('once');
  expect(patternProblem('{label}_{a b}')).toContain('not a name');
  expect(patternProblem('{label}_{')).toContain('partner');
  expect(patternProblem(' ')).toContain('for example');
});

test('the folder that names the label is the innermost that is neither a split nor an archive', () => {
  expect(folderLabel('set/train/idle/01.csv')).toBe('idle');
  expect(folderLabel('set/idle/train/01.csv')).toBe('idle');
  expect(folderLabel('all.zip/01.csv')).toBeNull();
  expect(folderLabel('01.csv')).toBeNull();
});

test('folders are found when there are several, else the names', () => {
  expect(detect(['a/1.csv', 'b/1.csv'])).toEqual({ kind: 'folder' });
  expect(detect(['d/idle_1.csv', 'd/idle_2.csv', 'd/walk_1.csv', 'd/walk_2.csv'])).toEqual({ kind: 'name', pattern: '{label}_{index}' });
  expect(detect(['0_theo_1.wav', '0_ada_2.wav', '1_theo_1.wav', '1_ada_2.wav'])).toEqual({ kind: 'name', pattern: '{label}_{speaker}_{index}' });
  expect(detect(['one.csv', 'two.csv'])).toEqual({ kind: 'none' });
});
