/** Equal as JSON, in whatever order a store gives fields back; a field that is undefined is not there. */
export function isSame(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false;
  if (Array.isArray(one) !== Array.isArray(other)) return false;
  const [ours, theirs] = [definedOf(one), definedOf(other)];
  return (
    ours.size === theirs.size && [...ours].every(([name, value]) => theirs.has(name) && isSame(value, theirs.get(name)))
  );
}

function definedOf(value: object): Map<string, unknown> {
  return new Map(Object.entries(value).filter(([, field]) => field !== undefined));
}
