import { safeNext } from './SignInPage';

test('only addresses of this site are followed after signing in', () => {
  expect(safeNext('/projects/1?x=2')).toBe('/projects/1?x=2');
  expect(safeNext('https://example.org')).toBe('/');
  expect(safeNext('//example.org')).toBe('/');
  expect(safeNext('/\\example.org')).toBe('/');
  expect(safeNext(null)).toBe('/');
});
