/** The only way to a server of ours: a TCP proxy on loopback that can be cut for some of those who come. */
import { connect, createServer, type Socket } from 'node:net';

/** `silence`: bytes stay on the way and new connections get no answer, as in a network that drops packets. `reset`: ends them. */
export type Cut = 'silence' | 'reset';

export interface Passage {
  readonly port: number;
  /** Cuts it for those who were dialled by whom `isCut` says, those that are there and those that come. */
  cut(isCut: (dialler: number | null) => boolean, how: Cut): void;
  /** What was held up goes on. */
  heal(): void;
  close(): Promise<void>;
}

interface Way {
  readonly dialler: number | null;
  readonly near: Socket;
  /** Null while it is not dialled yet. */
  far: Socket | null;
}

/** Opens `port` before `to`; `diallerOf` tells who is at the other end of a connection, null for a stranger. */
export async function openPassage(
  port: number,
  to: number,
  diallerOf: (socket: Socket) => number | null,
): Promise<Passage> {
  const ways = new Set<Way>();
  let isCut: (dialler: number | null) => boolean = () => false;
  let cutting: Cut = 'silence';

  function end(way: Way): void {
    ways.delete(way);
    way.near.destroy();
    way.far?.destroy();
  }

  function dial(way: Way): void {
    const far = connect({ port: to, host: '127.0.0.1', noDelay: true });
    way.far = far;
    for (const [from, into] of [
      [way.near, far],
      [far, way.near],
    ] as const) {
      from.pipe(into);
      from.on('error', () => end(way));
      from.on('close', () => end(way));
    }
  }

  function take(near: Socket): void {
    const way: Way = { dialler: diallerOf(near), near, far: null };
    near.on('error', () => end(way));
    near.on('close', () => end(way));
    ways.add(way);
    if (!isCut(way.dialler)) dial(way);
    else if (cutting === 'reset') end(way);
  }

  const server = createServer({ noDelay: true }, take);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    port,
    cut(whom, how) {
      isCut = whom;
      cutting = how;
      for (const way of [...ways].filter(({ dialler }) => whom(dialler))) {
        if (how === 'reset') end(way);
        else hold(way);
      }
    },
    heal() {
      for (const way of ways) {
        if (!isCut(way.dialler)) continue;
        if (way.far === null) dial(way);
        else release(way, way.far);
      }
      isCut = () => false;
    },
    close() {
      for (const way of ways) end(way);
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function hold({ near, far }: Way): void {
  if (far === null) return;
  near.unpipe(far);
  far.unpipe(near);
  near.pause();
  far.pause();
}

function release({ near }: Way, far: Socket): void {
  near.pipe(far);
  far.pipe(near);
}
