import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { removeFolder, temporaryFolder } from './machine.js';

const ATTACH_MS = 500;

/**
 * Counts the fsync and fdatasync calls of a process while `work` runs, with strace; null where there is none or it may
 * not attach. What runs meanwhile is slowed down, so nothing else is read off that run.
 */
export async function countFsyncs(pid: number, work: () => Promise<void>): Promise<number | null> {
  const folder = temporaryFolder();
  const output = join(folder, 'trace');
  const arguments_ = ['-f', '-qq', '-e', 'trace=fsync,fdatasync', '-o', output, '-p', String(pid)];
  const tracer = spawn('strace', arguments_, { stdio: 'ignore' });
  const ended = new Promise<boolean>((resolve) => {
    tracer.once('error', () => resolve(true));
    tracer.once('exit', () => resolve(true));
  });
  try {
    const attached = new Promise<boolean>((resolve) => setTimeout(() => resolve(false), ATTACH_MS));
    if (await Promise.race([ended, attached])) return null;
    await work();
    tracer.kill('SIGINT');
    await ended;
    return readFileSync(output, 'utf8')
      .split('\n')
      .filter((line) => /\bf(?:data)?sync\(/.test(line)).length;
  } finally {
    removeFolder(folder);
  }
}
