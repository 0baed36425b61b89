import { createServer as createProbe } from 'node:net';
import { type NetworkInterfaceInfo, networkInterfaces } from 'node:os';
import { type RequestHandler, Router } from 'express';
import { type Config, ConfigProblem, isLoopback } from '../config.js';
import type { Counter } from '../contracts/channel.js';
import { createServer, type HttpServer } from '../http/server.js';
import { meets } from './crew.js';
import { paymentPage } from './doors.js';
import type { Foundation } from './foundation.js';
import type { Heart } from './heart.js';
import type { Lab } from './lab.js';
import type { Parts } from './parts.js';

/** The argument of `npm start`; with an address behind it, it is the one that an earlier life of the server had. */
const FLAG = '--lan';

/**
 * Where telephones of the local network are to reach the pay page, if the command asks for it: the same in all lives of the server.
 * @throws ConfigProblem in production, where payers reach the public address, and where there is no such network
 */
export async function lanOf({ lab, listen }: Config, commandLine: readonly string[]): Promise<string | null> {
  const asked = commandLine.find((argument) => argument === FLAG || argument.startsWith(`${FLAG}=`));
  if (asked === undefined) return null;
  if (!lab) {
    throw new ConfigProblem([
      `${FLAG}: for development on this machine only, with HOST and PUBLIC_URL on loopback; elsewhere payers reach PUBLIC_URL`,
    ]);
  }
  if (asked !== FLAG) return asked.slice(FLAG.length + 1);
  const address = privateAddress(networkInterfaces());
  if (address === null) {
    throw new ConfigProblem([
      `${FLAG}: this machine has no private IPv4 address (10.…, 172.16.… to 172.31.…, 192.168.…); join the network that the telephone is in, and start again`,
    ]);
  }
  return `http://${address}:${await freePort(address, listen.port + 1)}`;
}

/** The argument that hands the address on to a process that we start. */
export const lanArgument = (lan: string | null): string[] => (lan === null ? [] : [`${FLAG}=${lan}`]);

const PRIVATE = /^(?:10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.)/;

/** The first private IPv4 address of this machine. */
export function privateAddress(interfaces: NodeJS.Dict<NetworkInterfaceInfo[]>): string | null {
  const all = Object.values(interfaces).flatMap((addresses) => addresses ?? []);
  return (
    all.find(({ family, internal, address }) => family === 'IPv4' && !internal && PRIVATE.test(address))?.address ??
    null
  );
}

/** `wished` if it is free, else one that the system chooses. */
function freePort(host: string, wished: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createProbe();
    probe.once('error', (error: NodeJS.ErrnoException) => {
      if (wished !== 0 && error.code === 'EADDRINUSE') resolve(freePort(host, 0));
      else reject(error);
    });
    probe.listen(wished > 65_535 ? 0 : wished, host, () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : wished));
    });
  });
}

/** Opens the door for the local network: the pay page and `/link`, and nothing else that there is in the house. Null where none is asked for. */
export async function openLanDoor(
  config: Config,
  parts: Parts,
  foundation: Foundation,
  heart: Heart,
  lab: Lab | null,
  closing: AbortSignal,
): Promise<HttpServer | null> {
  if (config.lan === null || !meets(config)) return null;
  const { log, ids, clock } = parts;
  const there = { ...config, publicUrl: config.lan };
  const page = paymentPage(there, parts, foundation, heart, lab?.logo ?? null, closing, withoutLoopbackReturns);
  const router = Router({ caseSensitive: true });
  router.use(onlyPayPage, page);
  const door = createServer({
    ...{ api: null, hot: [], routers: [router], publicUrl: config.lan, log, ids, clock },
    trustedProxies: 0,
  });
  const { hostname, port } = new URL(config.lan);
  await door.listen(Number(port), hostname);
  return door;
}

const onlyPayPage: RequestHandler = (request, _response, next) => {
  if (request.path === '/link' || request.path.startsWith('/pay/')) next();
  else next('router');
};

/** A shop on this machine cannot be reached from a telephone: from the outcome there, nobody is sent to it. */
function withoutLoopbackReturns(counter: Counter): Counter {
  const reachable = (address: string | null): string | null =>
    address !== null && URL.canParse(address) && isLoopback(address) ? null : address;
  return {
    ...counter,
    async visit(token, device) {
      const visit = await counter.visit(token, device);
      if (visit === null) return null;
      return { ...visit, returnTo: reachable(visit.returnTo), cancelTo: reachable(visit.cancelTo) };
    },
  };
}
