/** The stages of a build, read from what its job says it is doing. */
import { parseLine } from 'lib/numbers';
import type { Axis, Job } from 'lib/types';

export const STAGES = ['Compile', 'Boot in the emulator', 'Verify windows', 'Done'] as const;

/** How far along STAGES; the messages are those of mote/deploy/build.py and verify.py. */
export function stageOf(job: Pick<Job, 'state' | 'message'>): number {
  const message = job.message.toLowerCase();
  if (job.state === 'done') return STAGES.length;
  if (/window \d+ of \d+|compare/.test(message)) return 2;
  if (/^boot/.test(message)) return 1;
  return 0;
}

/** [done, all] of the windows that were run, when the message counts them. */
export function windowsOf(message: string): [number, number] | null {
  const match = /window (\d+) of (\d+)/i.exec(message);
  return match ? [Number(match[1]), Number(match[2])] : null;
}

export interface Slice {
  name: string;
  bytes: number;
  help: string;
}

/** RAM by what it is used for; the arena lies inside .bss and is taken out of it. */
export function ramSlices(ram: { data: number; bss: number; stack_peak: number; arena: number }): Slice[] {
  return [
    { name: 'Model', bytes: Math.min(ram.arena, ram.bss), help: 'Memory for the tensors of the model' },
    { name: 'Buffers', bytes: Math.max(0, ram.bss - ram.arena), help: 'Window, features, scratch and the serial link (.bss)' },
    { name: 'Data', bytes: ram.data, help: 'Variables with a start value (.data)' },
    { name: 'Stack', bytes: ram.stack_peak, help: 'Most that was ever used, measured by painting it' },
  ].filter((slice) => slice.bytes > 0);
}

/** "x [g], y [g], z" as a person types it, the same as a sketch's header line; null when it is not that. */
export function parseAxes(text: string): Axis[] | null {
  if (text.trim() === '') return [];
  const line = parseLine(text);
  return line.kind === 'header' ? line.axes : null;
}
