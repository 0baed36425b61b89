import { Impossible } from '../../contracts/errors.js';

type Fields = Readonly<Record<string, unknown>>;

/**
 * What `$set` must be told so that a stored document `before` becomes `next`: the changed paths and nothing else. A field
 * that only `before` has is left alone: a newer release put it there. Both must be plain JSON.
 *
 * An array that has only grown, its members recognised by `id` or `key`, is changed member by member; the revision that the
 * write is bound to makes the places certain. Any other array that differs is written whole.
 */
export function changedPaths(before: Fields, next: Fields): Record<string, unknown> {
  const changes: Record<string, unknown> = {};
  compareFields(changes, '', before, next);
  return changes;
}

function compareFields(changes: Record<string, unknown>, prefix: string, before: Fields, next: Fields): void {
  for (const [name, value] of Object.entries(next)) {
    if (!isSame(before[name], value)) compare(changes, prefix + pathSafe(name), before[name], value);
  }
}

function compare(changes: Record<string, unknown>, path: string, before: unknown, next: unknown): void {
  if (isFields(before) && isFields(next)) compareFields(changes, `${path}.`, before, next);
  else if (Array.isArray(before) && Array.isArray(next) && hasGrown(before, next)) {
    for (const [index, member] of next.entries()) {
      if (!isSame(before[index], member)) compare(changes, `${path}.${index}`, before[index], member);
    }
  } else changes[path] = next;
}

/** What strangers name is stored as text (`free_form.ts`), so a name here is one of ours or of a newer release. */
function pathSafe(name: string): string {
  if (name === '' || name.includes('.') || name.startsWith('$')) throw new Impossible(`no field may be called ${name}`);
  return name;
}

/** True when each member stands where it stood, and new ones come behind. */
function hasGrown(before: readonly unknown[], next: readonly unknown[]): boolean {
  if (before.length === 0 || next.length < before.length) return false;
  return before.every((member, index) => {
    const identity = identityOf(member);
    return identity !== null && identity === identityOf(next[index]);
  });
}

function identityOf(member: unknown): string | null {
  if (!isFields(member)) return null;
  const identity = member['id'] ?? member['key'];
  return typeof identity === 'string' ? identity : null;
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Equal as JSON, whatever the order of fields; fields that only `before` has do not count. */
function isSame(before: unknown, next: unknown): boolean {
  if (before === next) return true;
  if (Array.isArray(before) && Array.isArray(next)) {
    return before.length === next.length && next.every((member, index) => isSame(before[index], member));
  }
  return (
    isFields(before) && isFields(next) && Object.entries(next).every(([name, value]) => isSame(before[name], value))
  );
}
