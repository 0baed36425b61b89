import type { DeviceKey } from '../../contracts/operator.js';
import type { DeviceKeys } from '../../contracts/store.js';
import { pageOf } from '../pages.js';
import { createAggregates } from './aggregates.js';
import type { Collections, Stored } from './collections.js';
import type { Session } from './session.js';

const LATEST_MAX = 20;

export function createDeviceKeys(session: Session, { device_keys: keys }: Collections): DeviceKeys {
  const aggregates = createAggregates<DeviceKey>(session, { collection: keys });
  return {
    load: aggregates.load,
    commit: (key) => aggregates.commit(key),
    ofDevice: (operator, mode, device) =>
      session.run(async () => {
        const isOf = { mode: String(mode), operator: String(operator), device: String(device) };
        const rows = await keys.find(isOf).sort({ sequence: -1 }).limit(LATEST_MAX).lean();
        return (rows as Stored[]).map(aggregates.read);
      }),
    nextSealed: (after) =>
      session.run(async () => {
        const isBehind = { revokedAt: null, sealed: { $gt: String(after) } };
        const row = await keys.findOne(isBehind, { _id: 0, sealed: 1 }).sort({ sealed: 1 }).lean();
        return (row as { sealed?: string } | null)?.sealed ?? null;
      }),
    ofOperator: (operator, mode, { after, limit }) =>
      session.run(async () => {
        const behind = after === null ? {} : { _id: { $lt: String(after) } };
        const isOf = { mode: String(mode), operator: String(operator), ...behind };
        const rows = await keys
          .find(isOf)
          .sort({ _id: -1 })
          .limit(limit + 1)
          .lean();
        return pageOf((rows as Stored[]).map(aggregates.read), limit);
      }),
  };
}
