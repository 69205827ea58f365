import { ago, bytes, count, duration, frequency, percent, plural, significant } from './format';

test('counts are grouped with thin spaces', () => {
  expect(count(999)).toBe('999');
  expect(count(1234567)).toBe('1\u202f234\u202f567');
  expect(plural(1, 'sample')).toBe('1 sample');
  expect(plural(0, 'axis', 'axes')).toBe('0 axes');
});

test('significant digits keep whole numbers whole and tell what is not a number', () => {
  expect(significant(0.123456)).toBe('0.123');
  expect(significant(1234.5)).toBe('1235');
  expect(significant(0)).toBe('0');
  expect(significant(Number.NaN)).toBe('–');
  expect(significant(null)).toBe('–');
  expect(significant(2.5e-7)).toBe('2.50e-7');
});

test('bytes step by 1024', () => {
  expect(bytes(512)).toBe('512 B');
  expect(bytes(1536)).toBe('1.5 kB');
  expect(bytes(25 * 1024 * 1024)).toBe('25 MB');
});

test('durations use the unit that reads best', () => {
  expect(duration(0.0005)).toBe('500 µs');
  expect(duration(0.25)).toBe('250 ms');
  expect(duration(2.5)).toBe('2.5 s');
  expect(duration(200)).toBe('3 min 20 s');
  expect(duration(7500)).toBe('2 h 5 min');
  expect(duration(3600)).toBe('1 h');
});

test('frequencies', () => {
  expect(frequency(100)).toBe('100 Hz');
  expect(frequency(16000)).toBe('16 kHz');
  expect(frequency(22050)).toBe('22.05 kHz');
});

test('percent', () => expect(percent(0.9567)).toBe('95.7\u202f%'));

test('ago turns from minutes to hours to a date', () => {
  const now = Date.parse('2026-03-10T12:00:00Z');
  expect(ago('2026-03-10T11:59:40Z', now)).toBe('just now');
  expect(ago('2026-03-10T11:50:00Z', now)).toBe('10 min ago');
  expect(ago('2026-03-10T09:00:00Z', now)).toBe('3 h ago');
  expect(ago(null, now)).toBe('–');
});
