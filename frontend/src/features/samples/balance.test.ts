import { balanceWarnings, rateWarnings, type LabelCount } from './balance';

const row = (label: string | null, training: number, testing: number, duration_s = 60): LabelCount => ({ label, training, testing, duration_s });

test('a balanced dataset has nothing to say', () => {
  expect(balanceWarnings([row('idle', 8, 2), row('walk', 8, 2)])).toEqual([]);
});

test('an empty dataset has nothing to say', () => expect(balanceWarnings([])).toEqual([]));

test('one label is not enough', () => expect(balanceWarnings([row('idle', 8, 2)])[0]).toContain('at least two labels'));

test('nothing for testing is told once', () => {
  const warnings = balanceWarnings([row('idle', 8, 0), row('walk', 8, 0)]);
  expect(warnings).toHaveLength(1);
  expect(warnings[0]).toContain('No sample is for testing');
});

test('labels that are missing on one side are named', () => {
  const warnings = balanceWarnings([row('idle', 8, 4), row('walk', 8, 0), row('run', 0, 4)]).join(' ');
  expect(warnings).toContain('test “walk” with');
  expect(warnings).toContain('learn “run” from');
});

test('rates that differ by more than clocks do are told', () => {
  expect(rateWarnings([100])).toEqual([]);
  expect(rateWarnings([100, 100.5])).toEqual([]);
  expect(rateWarnings([16000, 8000])[0]).toContain('8 kHz, 16 kHz');
});

test('rare labels are named, samples without a label do not count', () => {
  const warnings = balanceWarnings([row('idle', 80, 20, 1000), row('fall', 4, 1, 20), row(null, 5, 0, 10)]);
  expect(warnings).toHaveLength(1);
  expect(warnings[0]).toContain('“fall”');
});
