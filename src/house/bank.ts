import { createRoute, createSandboxAcquirer, createSandboxAuthenticator } from '../acquirers/index.js';
import { type Config, passwordOf } from '../config.js';
import { sandboxFront } from '../lab/acquirer/front.js';
import type { Parts } from './parts.js';
import { isFronted, sandboxOf } from './sandbox.js';

export type Bank = Awaited<ReturnType<typeof openBank>>;

/** The acquirer and the directory server: the sandbox of this data folder, or the one at SANDBOX_URL. */
export async function openBank(config: Config, parts: Parts) {
  const { sandboxUrl } = config;
  const { clock, log, acquirer: replacement } = parts;
  const shared = sandboxUrl === null ? await sandboxOf(config, parts) : outside(sandboxUrl);
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
    front: isFronted(config) ? sandboxFront(ports) : null,
    /** Where the sandbox is and what opens it, for the lab that shows its ledger. */
    sandbox: { url: () => shared.url(), credential },
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
