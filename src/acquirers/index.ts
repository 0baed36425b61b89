import type { Route } from '../contracts/acquirer.js';

export { createDummyAcquirer } from './dummy.js';
export { createSandboxAuthenticator } from './sandbox/authenticator.js';
export { createSandboxAcquirer, type SandboxAcquirer } from './sandbox/connector.js';

/** Names of acquirers by mode; a mode without one cannot take payments. */
export interface RouteConfig {
  readonly test: string | null;
  readonly live: string | null;
}

/** The sandbox takes test payments; no acquirer takes live ones yet. */
export const DEFAULT_ROUTES: RouteConfig = { test: 'sandbox', live: null };

/** Chooses an acquirer by mode alone, for as long as there is one of each at most. */
export function createRoute(config: RouteConfig = DEFAULT_ROUTES): Route {
  return ({ mode }) => config[mode];
}
