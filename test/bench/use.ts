import { loadavg } from 'node:os';
import { figuresOf } from './load.js';
import { cpuMsOf, machineCpuMs, rssMbOf } from './machine.js';

/** What a house, its load and the machine use while something is held for a time, and how it is told. */

const WATCH_MS = 500;
const TOLD_MAX = 5;

export interface Use {
  readonly elapsedMs: number;
  readonly houseMs: number;
  readonly loadMs: number;
  readonly machineMs: number;
  readonly rssMb: readonly number[];
}

/** What the house, the load and the machine use until then. */
export async function whileMeasured(pid: number, until: number): Promise<Use> {
  const spent = () => {
    const { user, system } = process.cpuUsage();
    return { at: performance.now(), house: cpuMsOf(pid), load: (user + system) / 1_000, machine: machineCpuMs() };
  };
  const before = spent();
  const rssMb: number[] = [];
  while (performance.now() < until) {
    rssMb.push(rssMbOf(pid));
    await sleepUntil(Math.min(until, performance.now() + WATCH_MS));
  }
  const after = spent();
  return {
    elapsedMs: after.at - before.at,
    houseMs: after.house - before.house,
    loadMs: after.load - before.load,
    machineMs: after.machine - before.machine,
    rssMb,
  };
}

export interface Told {
  /** What the CPU is divided by. */
  readonly unit: string;
  readonly count: number;
  /** What stands beside the memory while it was measured. */
  readonly memory: string;
  /** How late after its time each request was sent: what the load itself could not keep up with. */
  readonly lateMs: number[];
}

export function showUse(use: Use, { unit, count, memory, lateMs }: Told): void {
  const { elapsedMs, houseMs, loadMs, machineMs, rssMb } = use;
  const cores = (ms: number): string => (ms / elapsedMs).toFixed(2);
  const [least, most] = [Math.min(...rssMb), Math.max(...rssMb)];
  const { p99Ms } = figuresOf(lateMs, 0, elapsedMs);
  const others = Math.max(0, machineMs - houseMs - loadMs);
  console.log(`  CPU ${(houseMs / count).toFixed(2)} ms per ${unit}, ${cores(houseMs)} of a core`);
  console.log(`  RSS ${least.toFixed(0)} to ${most.toFixed(0)} MB; ${memory}`);
  console.log(`  load: ${cores(loadMs)} of a core, 99 % sent within ${p99Ms.toFixed(1)} ms of their beat`);
  console.log(`  others: ${cores(others)} cores; load average ${(loadavg()[0] ?? Number.NaN).toFixed(1)}\n`);
}

/** How many, and the first kinds of them in words. */
export function showProblems(problems: readonly string[]): void {
  console.log(`  failed: ${problems.length}`);
  const counted = new Map<string, number>();
  for (const problem of problems) counted.set(problem, (counted.get(problem) ?? 0) + 1);
  for (const [problem, times] of [...counted].slice(0, TOLD_MAX)) console.log(`    ${times} x ${problem}`);
}

export function sleepUntil(at: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, at - performance.now())));
}
