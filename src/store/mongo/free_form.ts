/**
 * What strangers may shape (metadata, kept answers) or what has no fixed fields (snapshots, prompts) is stored as JSON text:
 * its names may hold dots, dollars and NULs, which are no field names in MongoDB, and it is always replaced as a whole.
 * A path names fields; `*` stands for every member of an array.
 */
export type FreeFormPath = readonly string[];

/** Turns what stands at `paths` into text, in place. */
export function freeze(document: Record<string, unknown>, paths: readonly FreeFormPath[]): void {
  for (const path of paths) atEach(document, path, (value) => JSON.stringify(value));
}

/** Turns the text at `paths` back into what it was, in place. */
export function thaw(document: Record<string, unknown>, paths: readonly FreeFormPath[]): void {
  for (const path of paths) atEach(document, path, (value) => (typeof value === 'string' ? JSON.parse(value) : value));
}

/** Replaces what stands at the path, where something does; null stays null. */
function atEach(holder: Record<string, unknown>, path: FreeFormPath, replace: (value: unknown) => unknown): void {
  const [name = '', ...rest] = path;
  const value = holder[name];
  if (value === null || value === undefined) return;
  if (rest.length === 0) holder[name] = replace(value);
  else if (rest[0] === '*') {
    for (const member of value as Record<string, unknown>[]) atEach(member, rest.slice(1), replace);
  } else atEach(value as Record<string, unknown>, rest, replace);
}
