import { guessLeading, leadingOf, niceRate, NumberStream, parseLine, RateMeter } from './numbers';

const bytes = (text: string) => new TextEncoder().encode(text);

/** Feeds lines as a port would after the first, possibly cut, line. */
function feed(stream: NumberStream, text: string, now = 0) {
  return stream.feed(bytes(text), now);
}

describe('a line', () => {
  test.each([
    ['1,2,3', [1, 2, 3]],
    ['1.5\t-2e-3\t.5', [1.5, -0.002, 0.5]],
    ['  1   2 3 ', [1, 2, 3]],
    ['1, 2,\t3', [1, 2, 3]],
    ['1;2;3', [1, 2, 3]],
    ['1,2,3,', [1, 2, 3]],
    ['+7', [7]],
  ])('%j is numbers', (text, values) => expect(parseLine(text)).toEqual({ kind: 'values', values }));

  test('with names at the values keeps the names', () => {
    expect(parseLine('ax:0.12, ay: -0.98')).toEqual({ kind: 'values', values: [0.12, -0.98], names: ['ax', 'ay'] });
  });

  test.each([
    ['t_ms, ax [g], ay (m/s2), az/g', [['t_ms', ''], ['ax', 'g'], ['ay', 'm/s2'], ['az', 'g']]],
    ['# ax ay az', [['ax', ''], ['ay', ''], ['az', '']]],
    ['accX [m/s2] accY [m/s2]', [['accX', 'm/s2'], ['accY', 'm/s2']]],
    ['temperature (°C)', [['temperature', '°C']]],
  ])('%j is a header', (text, axes) => {
    expect(parseLine(text)).toEqual({ kind: 'header', axes: axes.map(([name, unit]) => ({ name, unit })) });
  });

  test('that starts with ERR is what the sketch says is wrong', () => {
    expect(parseLine('ERR: no sensor found')).toEqual({ kind: 'error', message: 'ERR: no sensor found' });
  });

  test.each(['1,,3', '1.2.3,4', '\u0001\u0002x', '0x12', 'ax,1.5', '--', '1e', 'NaN,1'])('%j is noise', (text) => {
    expect(parseLine(text).kind).toBe('noise');
  });

  test('without anything is empty', () => expect(parseLine(' \t')).toEqual({ kind: 'empty' }));
});

describe('the first column', () => {
  test('is known by its name and unit', () => {
    expect(leadingOf({ name: 't_ms', unit: '' })).toBe('time_ms');
    expect(leadingOf({ name: 'Time', unit: 'us' })).toBe('time_us');
    expect(leadingOf({ name: 'seq', unit: '' })).toBe('sequence');
    expect(leadingOf({ name: 'ax', unit: 'ms' })).toBe('none');
  });

  const rows = (step: number) => Array.from({ length: 12 }, (_, i) => [1000 + i * step, Math.sin(i)]);

  test('that grows by one is a sequence number', () => expect(guessLeading(rows(1), 0.1)).toBe('sequence'));
  test('that grows as milliseconds do is a time in ms', () => expect(guessLeading(rows(10), 0.11)).toBe('time_ms'));
  test('that grows as microseconds do is a time in us', () => expect(guessLeading(rows(10_000), 0.11)).toBe('time_us'));
  test('that grows by nothing known is a value', () => expect(guessLeading(rows(1_000_000), 0.11)).toBe('none'));
  test('that goes up and down is a value', () => expect(guessLeading(rows(10).concat([[3, 0]]), 0.11)).toBe('none'));
  test('alone on its line is a value', () => expect(guessLeading([[1], [2], [3]], 0.1)).toBe('none'));
});

describe('a stream of lines', () => {
  test('drops the first numbers, which may have lost their beginning', () => {
    const stream = new NumberStream({ leading: 'none' });
    const { readings } = feed(stream, '2.5,1\n7.5,2\n8.5,3\n');
    expect(readings.map((reading) => reading.values)).toEqual([[7.5, 2], [8.5, 3]]);
    expect(stream.damaged).toBe(0);
  });

  test('does not care where the chunks are cut, nor how lines end', () => {
    const text = 'x\r\n1,2\r\n3,4\r\n5,6\r\n';
    for (let cut = 0; cut <= text.length; cut += 1) {
      const stream = new NumberStream({ leading: 'none' });
      const readings = [...feed(stream, text.slice(0, cut)).readings, ...feed(stream, text.slice(cut)).readings];
      expect(readings).toEqual([
        { index: 0, values: [1, 2] },
        { index: 1, values: [3, 4] },
        { index: 2, values: [5, 6] },
      ]);
    }
  });

  test('takes names and units from a header and keeps the time column out of the values', () => {
    const stream = new NumberStream();
    const events = feed(stream, 't_ms, ax [g], ay [g]\n0,0.1,0.2\n10,0.3,0.4\n');
    expect(stream.axes).toEqual([{ name: 'ax', unit: 'g' }, { name: 'ay', unit: 'g' }]);
    expect([stream.leading, stream.leadingFrom]).toEqual(['time_ms', 'header']);
    expect(events.layoutChanged).toBe(true);
    expect(events.readings[1]).toEqual({ index: 1, values: [0.3, 0.4], boardSeconds: 0.01 });
  });

  test('without a header decides about the first column after a dozen lines and loses none of them', () => {
    const stream = new NumberStream();
    feed(stream, '\n', 0);
    let readings = 0;
    for (let i = 0; i < 20; i += 1) readings += feed(stream, `${i * 20},${Math.cos(i)}\n`, i * 0.02).readings.length;
    expect([stream.leading, stream.leadingFrom]).toEqual(['time_ms', 'lines']);
    expect(readings).toBe(20);
    expect(stream.axes).toEqual([{ name: 'value1', unit: '' }]);
  });

  test('counts readings that a sequence number says are missing and leaves their places free', () => {
    const stream = new NumberStream({ leading: 'sequence' });
    const { readings } = feed(stream, '\n0,1\n1,1\n4,1\n5,1\n');
    expect(stream.lost).toBe(2);
    expect(readings.map((reading) => reading.index)).toEqual([0, 1, 4, 5]);
  });

  test('knows that an 8 bit counter wraps and that a board may start again', () => {
    const wrapping = new NumberStream({ leading: 'sequence' });
    feed(wrapping, '\n254,1\n255,1\n0,1\n2,1\n');
    expect(wrapping.lost).toBe(1);
    const restarted = new NumberStream({ leading: 'sequence' });
    feed(restarted, '\n5000,1\n5001,1\n0,1\n1,1\n');
    expect(restarted.lost).toBe(0);
  });

  test('counts readings that a time column says are missing', () => {
    const stream = new NumberStream({ leading: 'time_ms' });
    const times = Array.from({ length: 40 }, (_, i) => i * 10).filter((t) => ![200, 210, 220].includes(t));
    feed(stream, '\n' + times.map((t) => `${t},1\n`).join(''));
    expect(stream.lost).toBe(3);
  });

  test('counts damaged lines and goes on', () => {
    const stream = new NumberStream({ leading: 'none' });
    const { readings } = feed(stream, '\n1,2\n1,\u00012\n3\n5,6\n7,8\n');
    expect(readings).toHaveLength(3);
    expect(stream.damaged).toBe(2);
  });

  test('takes another number of columns for another layout when it stays', () => {
    const stream = new NumberStream({ leading: 'none' });
    feed(stream, '\n1,2\n1,2\n');
    const events = feed(stream, '1,2,3\n1,2,3\n1,2,3\n1,2,3\n');
    expect(events.layoutChanged).toBe(true);
    expect(stream.axes).toHaveLength(3);
  });

  test('tells what the sketch says is wrong', () => {
    expect(feed(new NumberStream(), '\nERR: sensor not found\n').errors).toEqual(['ERR: sensor not found']);
  });

  test('lets a person correct names and the first column', () => {
    const stream = new NumberStream();
    feed(stream, 'a,b\n1,2\n');
    stream.correct({ axes: [{ name: 'temperature', unit: '°C' }], leading: 'sequence' });
    expect(stream.axes).toEqual([{ name: 'temperature', unit: '°C' }]);
    expect(stream.leadingFrom).toBe('person');
  });

  test('never fills the memory with a line that does not end', () => {
    const stream = new NumberStream();
    for (let i = 0; i < 100; i += 1) feed(stream, '1'.repeat(1000));
    expect(stream.damaged).toBeGreaterThan(10);
  });

  test('survives any bytes', () => {
    const stream = new NumberStream();
    let seed = 1;
    const noise = Uint8Array.from({ length: 20_000 }, () => (seed = (seed * 48271) % 2147483647) & 255);
    expect(() => stream.feed(noise, 0)).not.toThrow();
    feed(stream, '\n');
    expect(feed(stream, '1,2\n'.repeat(20)).readings.length).toBeGreaterThan(10);
  });
});

describe('the rate', () => {
  test('comes from arrival times in bursts', () => {
    const meter = new RateMeter();
    for (let burst = 0; burst < 100; burst += 1) meter.arrived((burst + 1) * 5, burst * 0.05);
    const { rateHz, clock } = meter.estimate();
    expect(rateHz).toBeCloseTo(100, 1);
    expect(clock).toBe('computer');
  });

  test('and its jitter come from the board\'s clock when there is one', () => {
    const meter = new RateMeter();
    for (let i = 0; i < 400; i += 1) meter.measured(i, i * 0.01 + (i % 2 ? 0.001 : -0.001));
    const { rateHz, jitterMs, clock } = meter.estimate();
    expect(clock).toBe('board');
    expect(rateHz).toBeCloseTo(100, 0);
    expect(jitterMs).toBeCloseTo(1, 1);
  });

  test('is unknown before half a second', () => {
    const meter = new RateMeter();
    meter.arrived(1, 0);
    meter.arrived(2, 0.1);
    expect(meter.estimate().rateHz).toBeNull();
  });

  test('forgets what is older than its span', () => {
    const meter = new RateMeter(5);
    for (let i = 0; i < 1000; i += 1) meter.arrived(i, i * 0.1);
    for (let i = 0; i < 1000; i += 1) meter.arrived(1000 + i * 4, 100 + i * 0.1);
    expect(meter.estimate().rateHz).toBeCloseTo(40, 1);
  });

  test('is offered as the usual one nearby', () => {
    expect(niceRate(99.2)).toBe(100);
    expect(niceRate(62.3)).toBe(62.5);
    expect(niceRate(71.234)).toBe(71.2);
  });
});
