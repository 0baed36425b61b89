import { Agent, request } from 'node:http';

/** A load generator without dependencies: keep-alive connections, closed or open loop, honest percentiles. */

export interface Answer {
  readonly status: number;
  readonly body: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

export interface Client {
  send(method: string, path: string, headers: Readonly<Record<string, string>>, body?: string): Promise<Answer>;
  close(): void;
}

export function createClient(origin: string, connections: number): Client {
  const { hostname, port } = new URL(origin);
  const agent = new Agent({ keepAlive: true, maxSockets: connections, noDelay: true });
  return {
    send(method, path, headers, body) {
      return new Promise((resolve, reject) => {
        const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
        const sent = request({ agent, hostname, port, method, path, headers: { ...headers, ...length } }, (answer) => {
          const chunks: Buffer[] = [];
          answer.on('data', (chunk: Buffer) => chunks.push(chunk));
          answer.on('error', reject);
          answer.on('end', () => {
            resolve({ status: answer.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8'), headers: answer.headers });
          });
        });
        sent.on('error', reject);
        sent.end(body);
      });
    },
    close: () => agent.destroy(),
  };
}

export interface Figures {
  readonly done: number;
  readonly failed: number;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

const nowMs = (): number => performance.now();

/** So many callers, each beginning its next unit when the last one ended. */
export async function closedLoop(callers: number, seconds: number, unit: (caller: number) => Promise<boolean>): Promise<Figures> {
  const latencies: number[] = [];
  let failed = 0;
  const begun = nowMs();
  const until = begun + seconds * 1000;
  await Promise.all(
    Array.from({ length: callers }, async (_, caller) => {
      while (nowMs() < until) {
        const start = nowMs();
        if (await unit(caller)) latencies.push(nowMs() - start);
        else failed += 1;
      }
    }),
  );
  return figuresOf(latencies, failed, nowMs() - begun);
}

/** Units begin at a fixed rate whatever happens to those before: waiting counts, as it does for a customer. */
export async function openLoop(ratePerSecond: number, seconds: number, unit: (caller: number) => Promise<boolean>): Promise<Figures> {
  const latencies: number[] = [];
  let failed = 0;
  const begun = nowMs();
  const total = Math.round(ratePerSecond * seconds);
  const underWay: Promise<void>[] = [];
  for (let index = 0; index < total; index++) {
    const due = begun + (index * 1000) / ratePerSecond;
    const early = due - nowMs();
    if (early > 1) await new Promise((resolve) => setTimeout(resolve, early));
    underWay.push(
      unit(index)
        .then((ok) => {
          if (ok) latencies.push(nowMs() - due);
          else failed += 1;
        })
        .catch(() => {
          failed += 1;
        }),
    );
  }
  await Promise.all(underWay);
  return figuresOf(latencies, failed, nowMs() - begun);
}

function figuresOf(latencies: number[], failed: number, elapsedMs: number): Figures {
  latencies.sort((a, b) => a - b);
  const at = (share: number): number => latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? 0;
  const done = latencies.length;
  return { done, failed, perSecond: (done * 1000) / elapsedMs, p50Ms: at(0.5), p99Ms: at(0.99) };
}
