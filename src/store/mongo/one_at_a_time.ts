/**
 * Makes `work` never run twice at once for one key: a call during a run gets the run after it, which all such calls share. So
 * each promise stands for a run that began after it was asked for.
 */
export function oneAtATime(work: (key: string) => Promise<void>): (key: string) => Promise<void> {
  const running = new Map<string, Promise<void>>();
  const following = new Map<string, Promise<void>>();

  function ask(key: string): Promise<void> {
    const current = running.get(key);
    if (current === undefined) {
      const run = work(key).finally(() => running.delete(key));
      running.set(key, run);
      return run;
    }
    const next =
      following.get(key) ??
      current
        .catch(() => undefined)
        .then(() => {
          following.delete(key);
          return ask(key);
        });
    following.set(key, next);
    return next;
  }

  return ask;
}
