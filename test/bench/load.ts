/** Load in closed and open loops with honest percentiles. */

/** One unit of work; false when it did not end as it should. */
export type Unit = (caller: number) => Promise<boolean>;

export interface Figures {
  readonly done: number;
  readonly failed: number;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly worstMs: number;
}

const nowMs = (): number => performance.now();

/** So many callers, each beginning its next unit when the last one ended. */
export async function closedLoop(callers: number, seconds: number, unit: Unit): Promise<Figures> {
  const latencies: number[] = [];
  let failed = 0;
  const begun = nowMs();
  const until = begun + seconds * 1_000;
  await Promise.all(
    Array.from({ length: callers }, async (_, caller) => {
      while (nowMs() < until) {
        const start = nowMs();
        if (await succeeds(unit, caller)) latencies.push(nowMs() - start);
        else failed += 1;
      }
    }),
  );
  return figuresOf(latencies, failed, nowMs() - begun);
}

/** Units begin at a fixed rate whatever happens to those before: waiting counts, as it does for a customer. */
export async function openLoop(ratePerSecond: number, seconds: number, unit: Unit): Promise<Figures> {
  const latencies: number[] = [];
  let failed = 0;
  const begun = nowMs();
  const total = Math.round(ratePerSecond * seconds);
  const underWay: Promise<void>[] = [];
  for (let index = 0; index < total; index++) {
    const due = begun + (index * 1_000) / ratePerSecond;
    const early = due - nowMs();
    if (early > 1) await new Promise((resolve) => setTimeout(resolve, early));
    underWay.push(
      succeeds(unit, index).then((succeeded) => {
        if (succeeded) latencies.push(nowMs() - due);
        else failed += 1;
      }),
    );
  }
  await Promise.all(underWay);
  return figuresOf(latencies, failed, nowMs() - begun);
}

async function succeeds(unit: Unit, caller: number): Promise<boolean> {
  try {
    return await unit(caller);
  } catch {
    // A broken connection is a unit that failed: it is counted and shown.
    return false;
  }
}

/** What all latencies come to; sorts them. */
export function figuresOf(latencies: number[], failed: number, elapsedMs: number): Figures {
  latencies.sort((a, b) => a - b);
  const done = latencies.length;
  const at = (share: number): number => latencies[Math.min(done - 1, Math.floor(done * share))] ?? Number.NaN;
  return { done, failed, perSecond: (done * 1_000) / elapsedMs, p50Ms: at(0.5), p99Ms: at(0.99), worstMs: at(1) };
}
