import { createRoute, createSandboxAcquirer, createSandboxAuthenticator } from '../acquirers/index.js';
import { type Config, isLoopback, passwordOf } from '../config.js';
import { sandboxFront } from '../lab/acquirer/front.js';
import { sharedSandbox } from '../lab/acquirer/shared.js';
import type { Parts } from './parts.js';

export type Bank = Awaited<ReturnType<typeof openBank>>;

/** The acquirer and the directory server: the sandbox of this data folder, or the one at SANDBOX_URL. */
export async function openBank(
  { sandboxUrl, dataDir, publicUrl }: Config,
  { clock, ids, log, acquirer: replacement }: Parts,
) {
  const notificationUrl = `${publicUrl}/acquirers/sandbox/notifications`;
  // Browsers of this machine reach the sandbox itself; others go through our own door.
  const isFronted = sandboxUrl === null && !isLoopback(publicUrl);
  const front = isFronted ? { publicUrl: `${publicUrl}/sandbox` } : {};
  const shared =
    sandboxUrl === null
      ? await sharedSandbox({ dataFolder: dataDir, clock, ids, log, notificationUrl, ...front })
      : outside(sandboxUrl);
  const { credential } = shared;
  const ports = { url: () => shared.url(), credential, clock, log };
  const acquirer = createSandboxAcquirer(ports);
  const authenticator = createSandboxAuthenticator(ports);
  return {
    acquirer: replacement === undefined ? acquirer : { ...replacement, name: acquirer.name },
    authenticator,
    readNotification: acquirer.readNotification,
    route: createRoute(),
    /** The issuer's pages of the sandbox, for browsers that cannot reach it; null when they can. */
    front: isFronted ? sandboxFront(ports) : null,
    async close() {
      acquirer.close();
      authenticator.close();
      await shared.close();
    },
  };
}

/** A sandbox of somebody else: its credential is the password in its address. */
function outside(address: string) {
  const { origin } = new URL(address);
  return { url: () => origin, credential: passwordOf(address) ?? '', close: () => Promise.resolve() };
}
