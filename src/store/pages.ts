import type { Page } from '../contracts/store.js';

/** Cuts what was read with a limit raised by one into a page that knows whether there is another. */
export function pageOf<T extends { readonly id: string }>(read: T[], limit: number): Page<T> {
  const data = read.slice(0, limit);
  return { data, next: read.length > limit ? (data.at(-1)?.id ?? null) : null };
}
