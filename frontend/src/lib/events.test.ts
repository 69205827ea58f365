import { staleKeys } from './events';

test('an event makes its noun stale, in its project only', () => {
  expect(staleKeys('p1', 'samples')).toContainEqual(['projects', 'p1', 'samples']);
  expect(staleKeys('p1', 'training')).toContainEqual(['projects', 'p1', 'trainings']);
  for (const key of staleKeys('p1', 'deployment')) expect(key[1]).toBe('p1');
});

test('lost events make the whole project stale', () => expect(staleKeys('p1', 'resync')).toEqual([['projects', 'p1']]));
