interface Waiting<Asked, Told> {
  readonly asked: Asked;
  resolve(told: Told): void;
  reject(error: unknown): void;
}

export interface GatheringOptions {
  /** How many batches may be on their way. */
  readonly lanes?: number;
  /** Most of one batch: the others go with the next. */
  readonly most?: number;
}

/**
 * Does at once what many ask for alone: a command costs MongoDB and us more than what it carries. Whoever comes first goes
 * with those of the same turn of the event loop; whoever comes while all lanes are taken goes with the next batch. So nobody
 * waits who is alone, and each batch begins after everybody in it has asked. `work` answers in the order of the asking; what
 * it throws, all of its batch are told.
 */
export function gathered<Asked, Told>(
  work: (asked: readonly Asked[]) => Promise<readonly Told[]>,
  { lanes = 2, most = 64 }: GatheringOptions = {},
): (asked: Asked) => Promise<Told> {
  const waiting: Waiting<Asked, Told>[] = [];
  let free = lanes;

  async function send(batch: readonly Waiting<Asked, Told>[]): Promise<void> {
    try {
      const told = await work(batch.map(({ asked }) => asked));
      for (const [index, { resolve }] of batch.entries()) resolve(told[index] as Told);
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }

  /** One lane, until nobody waits. */
  async function run(): Promise<void> {
    while (waiting.length > 0) await send(waiting.splice(0, most));
    free += 1;
  }

  return (asked) =>
    new Promise((resolve, reject) => {
      waiting.push({ asked, resolve, reject });
      if (free === 0) return;
      free -= 1;
      setImmediate(run);
    });
}
