/** What stands in the memory of a process that a test has started, byte for byte, as Linux shows it to a parent of the same user. */
import { closeSync, openSync, readFileSync, readSync } from 'node:fs';

export interface Memory {
  /** Where these bytes stand. */
  find(bytes: Buffer): number[];
  /** The bytes at an address; null where nothing is. */
  read(address: number, length: number): Buffer | null;
  /** How much there was to look at. */
  readonly bytes: number;
}

interface Range {
  readonly from: number;
  readonly to: number;
}

const CHUNK_BYTES = 4 * 1_024 * 1_024;

/**
 * Lets `look` at the memory of a process, which should stand still meanwhile.
 * @throws when the system does not let its parent: a container without any right to trace
 */
export function lookInto<T>(pid: number, look: (memory: Memory) => T): T {
  const ranges = rangesOf(readFileSync(`/proc/${pid}/maps`, 'utf8'));
  const file = openSync(`/proc/${pid}/mem`, 'r');
  try {
    return look({
      bytes: ranges.reduce((sum, { from, to }) => sum + to - from, 0),
      read: (address, length) => bytesAt(file, address, length),
      find: (bytes) => ranges.flatMap((range) => findIn(file, range, bytes)),
    });
  } finally {
    closeSync(file);
  }
}

/** What a program can have written to: code and files that are only read hold no secrets of a run. */
function rangesOf(maps: string): Range[] {
  return maps.split('\n').flatMap((line) => {
    const [, from = '', to = ''] = /^([\da-f]+)-([\da-f]+) rw/.exec(line) ?? [];
    return from === '' ? [] : [{ from: Number.parseInt(from, 16), to: Number.parseInt(to, 16) }];
  });
}

function findIn(file: number, { from, to }: Range, bytes: Buffer): number[] {
  const found: number[] = [];
  for (let at = from; at < to; at += CHUNK_BYTES) {
    // A little of the next chunk, for what lies across their border.
    const chunk = bytesAt(file, at, Math.min(CHUNK_BYTES + bytes.length - 1, to - at));
    if (chunk === null) continue;
    for (let index = chunk.indexOf(bytes); index >= 0; index = chunk.indexOf(bytes, index + 1)) found.push(at + index);
  }
  return found;
}

function bytesAt(file: number, address: number, length: number): Buffer | null {
  const bytes = Buffer.alloc(length);
  try {
    return readSync(file, bytes, 0, length, address) === length ? bytes : null;
  } catch {
    return null;
  }
}
