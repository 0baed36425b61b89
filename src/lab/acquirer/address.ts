import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import type { Ids } from '../../contracts/ids.js';

/** What a data folder knows of its sandbox: where it listens, and the secret of those who may call it. */
export interface Address {
  readonly port: number;
  readonly credential: string;
}

/** Null when there is none, or none that can be read. */
export function readAddress(file: string): Address | null {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return null;
  }
  const { port, credential } = parseObject(text) ?? {};
  return typeof port === 'number' && typeof credential === 'string' ? { port, credential } : null;
}

/** Writes the address unless there is one; true for the one who did. A link appears whole or not at all, and only once. */
export function claimAddress(file: string, address: Address, ids: Ids): boolean {
  const draft = draftOf(file, address, ids);
  try {
    linkSync(draft, file);
    return true;
  } catch {
    // One that cannot be read is as good as none.
    return readAddress(file) === null && replaceAddress(file, address, ids);
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Writes the address over the one that is there. */
export function replaceAddress(file: string, address: Address, ids: Ids): boolean {
  renameSync(draftOf(file, address, ids), file);
  return true;
}

function draftOf(file: string, address: Address, ids: Ids): string {
  const draft = `${file}.${ids.token(64)}`;
  writeFileSync(draft, JSON.stringify(address), { mode: 0o600 });
  return draft;
}

export function parseObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : null;
  } catch {
    return null;
  }
}
