import type { Store } from '../contracts/store.js';
import type { Vault } from '../contracts/vault.js';
import { createAgents, type Resolve } from '../outside/agents.js';
import { coalesced } from './coalesced.js';
import { createEndpointCommands, type EndpointCommands } from './endpoints.js';
import { fanOutPass } from './fan_out.js';
import { createLanes } from './lanes.js';
import { createSender, type SenderPorts } from './sender.js';

const PER_ENDPOINT = 4;
/** While something waits for a place or for another process, the sweeper need not come oftener than this. */
const PATIENCE_MS = 1_000;

export interface WebhookPorts extends Omit<SenderPorts, 'agents' | 'store' | 'vault'> {
  readonly store: Pick<Store, 'endpoints' | 'deliveries' | 'feed'>;
  readonly vault: Pick<Vault, 'seal' | 'unseal'>;
  /** Whether this merchant's endpoints may be on loopback: demo merchants in development only. */
  readonly allowLoopback: (merchant: string) => boolean;
  /** How many deliveries may be on their way at once in this process; each endpoint gets at most four of them. */
  readonly concurrency: number;
  /** How host names become addresses; asks the machine's name servers unless told otherwise. */
  readonly resolve?: Resolve;
}

export interface Webhooks {
  /** What merchants do with their endpoints and deliveries. */
  readonly endpoints: EndpointCommands;
  /** Something may have entered the feed: makes deliveries and sends them, soon and in the background. */
  wake(): void;
  /**
   * Makes deliveries of what entered the feed and begins to send what is due, without waiting for the answers. Answers when to call
   * again, milliseconds since the epoch; null when nothing is due, ever. @throws StoreFailure
   */
  sweep(): Promise<number | null>;
  /** Resolves when nothing is under way any more. */
  idle(): Promise<void>;
  /** Begins nothing new; resolves when what was begun has ended. */
  close(): Promise<void>;
}

/**
 * Tells merchants' servers what happened: events of the feed become deliveries, one per event and endpoint, and deliveries
 * are sent until they are taken or three days are over. Payments neither wait for it nor know of it.
 */
export function createWebhooks(ports: WebhookPorts): Webhooks {
  const { store, clock, log, concurrency } = ports;
  const sender = createSender({ ...ports, agents: createAgents(ports.resolve) });
  const lanes = createLanes({ total: concurrency, perEndpoint: PER_ENDPOINT });
  const underWay = new Set<Promise<void>>();
  let closing = false;

  const fanOut = coalesced(async () => {
    while (!closing && (await fanOutPass(ports))) background(start());
  });

  /** Fills the free places with what is due; each round asks without the endpoints that have none left. */
  const start = coalesced(async () => {
    while (!closing && lanes.free() > 0) {
      const due = await store.deliveries.due(clock.now(), lanes.free(), lanes.full());
      const chosen = due.filter((delivery) => lanes.enter(delivery.endpoint));
      if (chosen.length === 0) return;
      const claims = await Promise.allSettled(chosen.map((delivery) => claimAndSend(delivery)));
      const failure = claims.find((result) => result.status === 'rejected');
      if (failure) throw failure.reason;
    }
  });

  const round = coalesced(async () => {
    await fanOut();
    await start();
  });

  async function claimAndSend(delivery: Parameters<typeof sender.claim>[0]): Promise<void> {
    let claimed: Awaited<ReturnType<typeof sender.claim>> = null;
    try {
      claimed = await sender.claim(delivery);
    } finally {
      if (!claimed) lanes.leave(delivery.endpoint, null);
    }
    if (claimed) background(sendAndGoOn(claimed));
  }

  async function sendAndGoOn(claimed: Parameters<typeof sender.send>[0]): Promise<void> {
    let succeeded: boolean | null = null;
    try {
      succeeded = await sender.send(claimed);
    } finally {
      lanes.leave(claimed.endpoint, succeeded);
    }
    await start();
  }

  /** Keeps what nobody awaits in sight of `idle`; what fails there is told, and repeated by the sweeper. */
  function background(work: Promise<void>): void {
    const kept = work
      .catch((error: unknown) => log.error('webhooks interrupted', { error }))
      .finally(() => underWay.delete(kept));
    underWay.add(kept);
  }

  async function idle(): Promise<void> {
    while (underWay.size > 0) await Promise.all(underWay);
  }

  return {
    endpoints: createEndpointCommands({ ...ports, wake }),
    wake,
    async sweep() {
      await round();
      const soon = clock.now() + PATIENCE_MS;
      if (closing) return null;
      if ((await store.endpoints.behind(1)).length > 0) return soon;
      const next = await store.deliveries.nextDue();
      return next !== null && next <= clock.now() ? soon : next;
    },
    idle,
    async close() {
      closing = true;
      // A round under way may be about to send what it has just claimed.
      await round().catch(() => undefined);
      await idle();
    },
  };

  function wake(): void {
    if (!closing) background(round());
  }
}
