import { createRoute, createSandboxAcquirer, createSandboxAuthenticator } from '../acquirers/index.js';
import type { Config } from '../config.js';
import { sharedSandbox } from '../lab/acquirer/shared.js';
import type { Parts } from './parts.js';

export type Bank = Awaited<ReturnType<typeof openBank>>;

/** The acquirer and the directory server: the sandbox of this data folder, or the one at SANDBOX_URL. */
export async function openBank(
  { sandboxUrl, dataDir, publicUrl }: Config,
  { clock, ids, log, acquirer: replacement }: Parts,
) {
  const notificationUrl = `${publicUrl}/acquirers/sandbox/notifications`;
  const shared =
    sandboxUrl === null
      ? await sharedSandbox({ dataFolder: dataDir, clock, ids, log, notificationUrl })
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
    async close() {
      acquirer.close();
      authenticator.close();
      await shared.close();
    },
  };
}

/** A sandbox of somebody else: its credential is the password in its address. */
function outside(address: string) {
  const { origin, password } = new URL(address);
  return { url: () => origin, credential: decodeURIComponent(password), close: () => Promise.resolve() };
}
