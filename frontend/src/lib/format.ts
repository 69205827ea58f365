/** Numbers with their units, as people read them. */

const THIN = '\u202f';

/** 1234567 to "1 234 567" (thin spaces). */
export function count(value: number): string {
  return Math.round(value)
    .toString()
    .replace(/\B(?=(\d{3})+(?!\d))/g, THIN);
}

/** "1 sample", "1 200 samples". */
export function plural(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** At most `digits` significant digits, without trailing zeros; "-" for what is not a number. */
export function significant(value: number | null | undefined, digits = 3): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return '–';
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size >= 1e6 || size < 1e-4) return value.toExponential(digits - 1).replace('e+', 'e');
  return String(Number(value.toPrecision(Math.max(digits, Math.floor(Math.log10(size)) + 1))));
}

/** Bytes in binary steps: "512 B", "1.4 kB", "12 MB" (1 kB = 1024 B, as linkers count). */
export function bytes(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return '–';
  if (value < 1024) return `${Math.round(value)} B`;
  const units = ['kB', 'MB', 'GB', 'TB'];
  let size = value;
  let unit = -1;
  while (size >= 1024 && unit < units.length - 1) {
    size /= 1024;
    unit += 1;
  }
  return `${size >= 100 ? Math.round(size) : significant(size, size >= 10 ? 3 : 2)} ${units[unit]}`;
}

/** Seconds as "850 ms", "2.4 s", "3 min 20 s", "2 h 5 min". */
export function duration(seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined || !Number.isFinite(seconds)) return '–';
  if (seconds < 1e-3 && seconds > 0) return `${significant(seconds * 1e6)} µs`;
  if (seconds < 0.9995) return `${significant(seconds * 1e3)} ms`;
  if (seconds < 59.95) return `${significant(seconds)} s`;
  const whole = Math.round(seconds);
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60];
  if (h > 0) return m > 0 ? `${count(h)} h ${m} min` : `${count(h)} h`;
  return s > 0 ? `${m} min ${s} s` : `${m} min`;
}

/** Hertz as "100 Hz", "16 kHz", "1.2 MHz". */
export function frequency(hz: number | null | undefined): string {
  if (hz === null || hz === undefined || !Number.isFinite(hz)) return '–';
  if (hz >= 1e6) return `${significant(hz / 1e6)} MHz`;
  if (hz >= 1e3) return `${significant(hz / 1e3, 4)} kHz`;
  return `${significant(hz, 4)} Hz`;
}

/** 0.956 to "95.6 %". */
export function percent(part: number | null | undefined, digits = 1): string {
  if (part === null || part === undefined || !Number.isFinite(part)) return '–';
  return `${(part * 100).toFixed(digits)}${THIN}%`;
}

/** "just now", "5 min ago", "3 h ago", then the date. */
export function ago(iso: string | null | undefined, now: number = Date.now()): string {
  if (!iso) return '–';
  const then = new Date(iso);
  const seconds = (now - then.getTime()) / 1000;
  if (!Number.isFinite(seconds)) return '–';
  if (seconds < 45) return 'just now';
  if (seconds < 3600) return `${Math.max(1, Math.round(seconds / 60))} min ago`;
  if (seconds < 86_400) return `${Math.round(seconds / 3600)} h ago`;
  const sameYear = then.getFullYear() === new Date(now).getFullYear();
  return then.toLocaleDateString(undefined, { day: 'numeric', month: 'short', year: sameYear ? undefined : 'numeric' });
}

/** Date and time in the reader's own zone and habits. */
export function dateTime(iso: string | null | undefined): string {
  return iso ? new Date(iso).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' }) : '–';
}
