import { ranFor, timeLeft } from './jobs';

const started_at = '2026-01-01T10:00:00Z';
const now = Date.parse('2026-01-01T10:00:20Z');

test('a job that runs has run until now', () => expect(ranFor({ started_at, finished_at: null }, now)).toBe(20));
test('a finished job ran until its end', () => expect(ranFor({ started_at, finished_at: '2026-01-01T10:00:05Z' }, now)).toBe(5));
test('a job that waits has not run', () => expect(ranFor({ started_at: null, finished_at: null }, now)).toBeNull());
test('a quarter in 20 s leaves 60 s', () => expect(timeLeft({ state: 'running', progress: 0.25, started_at, finished_at: null }, now)).toBe(60));
test('at the very start nothing is promised', () => {
  expect(timeLeft({ state: 'running', progress: 0.01, started_at, finished_at: null }, now)).toBeNull();
  expect(timeLeft({ state: 'queued', progress: 0.5, started_at, finished_at: null }, now)).toBeNull();
});
