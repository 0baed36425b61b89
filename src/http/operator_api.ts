import type { Router } from 'express';
import type { SignedBy } from '../contracts/operator.js';
import type { DeviceKeys } from '../operators/device_keys.js';
import { mounted } from './mounted.js';
import type { ApiPorts } from './ports.js';
import type { Route } from './route.js';
import { deviceRoutes } from './routes/devices.js';
import { householdRoutes } from './routes/households.js';
import { createServe } from './serve.js';
import { admitOperator, type SignedReader } from './signed.js';

export interface OperatorApi {
  readonly routes: readonly Route<SignedBy>[];
  readonly router: Router;
}

/** What television operators ask about their households and boxes, beside the sessions that boxes open. */
export function createOperatorApi(ports: ApiPorts, keys: DeviceKeys, read: SignedReader): OperatorApi {
  const routes = [...householdRoutes(ports), ...deviceRoutes(keys)];
  return { routes, router: mounted(routes, createServe(ports, admitOperator(read))) };
}
