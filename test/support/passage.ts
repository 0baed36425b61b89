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

/** For each connection who is at its other end, null for a stranger. Asked only while something is cut: it is slow. */
export type DiallersOf = (sockets: readonly Socket[]) => readonly (number | null)[];

interface Way {
  readonly near: Socket;
  /** Null while it is not dialled yet. */
  far: Socket | null;
}

/** Opens `port` before `to`. */
export async function openPassage(port: number, to: number, diallersOf: DiallersOf): Promise<Passage> {
  const ways = new Set<Way>();
  /** Those that are held up. */
  const held = new Set<Way>();
  /** Null while nothing is cut. */
  let cutting: { isCut(dialler: number | null): boolean; readonly how: Cut } | null = null;

  function isCut(way: Way): boolean {
    const [dialler = null] = cutting === null ? [] : diallersOf([way.near]);
    return cutting?.isCut(dialler) ?? false;
  }

  function end(way: Way): void {
    ways.delete(way);
    held.delete(way);
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
    const way: Way = { near, far: null };
    near.on('error', () => end(way));
    near.on('close', () => end(way));
    ways.add(way);
    if (!isCut(way)) dial(way);
    else if (cutting?.how === 'reset') end(way);
    else held.add(way);
  }

  const server = createServer({ noDelay: true }, take);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    port,
    cut(whom, how) {
      cutting = { isCut: whom, how };
      const there = [...ways];
      const diallers = diallersOf(there.map(({ near }) => near));
      for (const way of there.filter((_, index) => whom(diallers[index] ?? null))) {
        if (how === 'reset') end(way);
        else {
          hold(way);
          held.add(way);
        }
      }
    },
    heal() {
      cutting = null;
      for (const way of held) {
        if (way.far === null) dial(way);
        else release(way, way.far);
      }
      held.clear();
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
