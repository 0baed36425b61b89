import { closeSync, fdatasyncSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';

/** What a figure means nothing without. */
export function describeMachine(): string {
  const [first] = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  return `Node ${process.version}, ${cpus().length} x ${first?.model ?? 'unknown processor'}, ${memory} GiB, fsync ${fsyncMs().toFixed(2)} ms`;
}

const SYNCS = 200;

/** Median of appending 4 kB and waiting until the disk has it, in milliseconds. */
export function fsyncMs(): number {
  const folder = temporaryFolder();
  const file = openSync(join(folder, 'fsync'), 'a');
  const page = Buffer.alloc(4_096, 1);
  const times = Array.from({ length: SYNCS }, () => {
    writeSync(file, page);
    const begun = performance.now();
    fdatasyncSync(file);
    return performance.now() - begun;
  });
  closeSync(file);
  removeFolder(folder);
  return median(times);
}

const MS_PER_TICK = 10;

/** Milliseconds of CPU that a process has used with all its threads; NaN where the system does not tell (no /proc). */
export function cpuMsOf(pid: number): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) * MS_PER_TICK;
  } catch {
    return Number.NaN;
  }
}

const PAGES_PER_MB = 256;

/** Megabytes of a process in memory; NaN where the system does not tell. */
export function rssMbOf(pid: number): number {
  try {
    return Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) / PAGES_PER_MB;
  } catch {
    return Number.NaN;
  }
}

/** Milliseconds of CPU that all cores together have spent on anything. */
export function machineCpuMs(): number {
  return cpus().reduce((total, { times: { user, nice, sys, irq } }) => total + user + nice + sys + irq, 0);
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

const folders = new Set<string>();
process.on('exit', () => folders.forEach(removeFolder));

/** A folder that is gone when the process ends, however it does so short of being killed. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'guichet-bench-'));
  folders.add(folder);
  return folder;
}

export function removeFolder(folder: string): void {
  folders.delete(folder);
  rmSync(folder, { recursive: true, force: true });
}

export async function freePort(): Promise<number> {
  const probe = createServer();
  const port = await new Promise<number>((resolve) => {
    probe.listen(0, '127.0.0.1', () => resolve((probe.address() as AddressInfo).port));
  });
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
