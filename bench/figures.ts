import { readFileSync } from 'node:fs';

const TICKS = 100; // a second, on every Linux that Node runs on (proc(5), sysconf(_SC_CLK_TCK))

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

export function megabytes(bytes = 0): string {
  return `${(bytes / 1e6).toFixed(0)} MB`;
}

export function print(line = ''): void {
  process.stdout.write(`${line}\n`);
}

/** Peak resident memory of a process, bytes (proc(5): VmHWM). */
export function peakResident(pid: number): number {
  return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024;
}

/** Processor seconds of a process and of those of its children that have ended (proc(5), stat: 14 to 17). */
export function processorSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) / TICKS;
}

/** Processor time since boot of the whole machine, and what of it the host gave to others while this machine wanted it (proc(5), stat). */
export function machineTime(): { readonly all: number; readonly stolen: number } {
  const [, ...ticks] = readFileSync('/proc/stat', 'utf8').split('\n', 1)[0]?.split(/ +/) ?? [];
  const [user = 0, nice = 0, system = 0, idle = 0, wait = 0, irq = 0, soft = 0, stolen = 0] =
    ticks.map(Number);
  return { all: user + nice + system + idle + wait + irq + soft + stolen, stolen };
}
