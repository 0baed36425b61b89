import { z } from 'zod';
import { rfc3339 } from '../../contracts/clock.js';
import type { DeviceKey, SignedBy } from '../../contracts/operator.js';
import type { BoxesOf, DeviceKeys } from '../../operators/device_keys.js';
import { type Route, signedRoute } from '../route.js';
import * as schemas from '../schemas.js';
import * as shapes from '../shapes.js';

const TAG = 'Television';

const newKey = z.strictObject({
  operator: schemas.operator,
  device: schemas.device,
  account: schemas.account.nullish().describe('The household that the box may name; none if not given.'),
});

/** Keys of boxes that sign for themselves. */
export function deviceRoutes(keys: DeviceKeys): Route<SignedBy>[] {
  return [
    signedRoute({
      method: 'POST',
      path: '/tv/devices',
      operationId: 'issueDeviceKey',
      tag: TAG,
      summary:
        'Make a key for a box that signs for itself. A box has one key: the one before works no more, so a lost answer is ' +
        'mended by asking again.',
      params: schemas.none,
      query: schemas.none,
      body: newKey,
      answers: { 201: { description: 'The key with its secret.', schema: shapes.newDeviceKey } },
      refusals: ['operator_only'],
      async handle({ caller, body: { device, account = null } }) {
        const { key, secret } = await keys.issue(boxesOf(caller), { device, account });
        return { status: 201, body: { ...presented(key), secret } };
      },
    }),
    signedRoute({
      method: 'DELETE',
      path: '/tv/devices/{id}',
      operationId: 'revokeDeviceKey',
      tag: TAG,
      summary: 'Revoke the key of a box, at once and for good; again does no harm.',
      params: schemas.byId,
      query: z.strictObject({ operator: schemas.operator }),
      body: null,
      answers: { 200: { description: 'The key as it was.', schema: shapes.deviceKey } },
      refusals: ['device_key_not_found', 'operator_only'],
      async handle({ caller, params }) {
        return { status: 200, body: presented(await keys.revoke(boxesOf(caller), params.id)) };
      },
    }),
  ];
}

function boxesOf({ operator, mode }: SignedBy): BoxesOf {
  return { operator: operator.id, mode };
}

function presented(key: DeviceKey): Record<string, unknown> {
  const { id, mode, operator, device, account, createdAt, revokedAt } = key;
  return {
    id,
    object: 'device_key',
    mode,
    operator,
    device,
    account,
    created_at: rfc3339(createdAt),
    revoked_at: revokedAt === null ? null : rfc3339(revokedAt),
  };
}
