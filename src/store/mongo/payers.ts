import type { Payer } from '../../contracts/payer.js';
import type { Payers } from '../../contracts/store.js';
import { createAggregates } from './aggregates.js';
import type { Collections, Stored } from './collections.js';
import { PAYER_FREE_FORMS } from './document_shapes.js';
import type { Session } from './session.js';

export function createPayers(session: Session, { payers }: Collections): Payers {
  const aggregates = createAggregates<Payer>(session, {
    collection: payers,
    freeForms: PAYER_FREE_FORMS,
    promise: (fields) => ('account' in fields ? 'account' : 'id'),
    family: ({ mode, owner, requests }) => ({ filter: { mode, owner }, keys: requests.map(({ key }) => key) }),
  });
  const owned = (owner: string, mode: string) => ({ mode: String(mode), owner: String(owner) });

  return {
    load: aggregates.load,
    commit: (payer) => aggregates.commit(payer),
    byAccount: (owner, mode, account) => aggregates.find({ ...owned(owner, mode), account: String(account) }),
    byInstrument: (owner, mode, token) =>
      session.run(async () => {
        const filter = { ...owned(owner, mode), 'instruments.token': String(token) };
        const first = await payers.findOne(filter, { _id: 1 }).sort({ _id: 1 }).lean();
        return first === null ? null : aggregates.find({ _id: first._id });
      }),
    byRequest: (owner, mode, key) =>
      session.run(async () => {
        const filter = { ...owned(owner, mode), 'requests.key': String(key) };
        return (await payers.findOne(filter, { _id: 1 }).lean())?._id ?? null;
      }),
    nextCodeHash: (after) =>
      session.run(async () => {
        const isBehind = { 'purchaseCode.hash': { $gt: String(after) } };
        const row = await payers.findOne(isBehind, { 'purchaseCode.hash': 1 }).sort({ 'purchaseCode.hash': 1 }).lean();
        return (row as { purchaseCode?: { hash: string } } | null)?.purchaseCode?.hash ?? null;
      }),
    due: (now, limit) =>
      session.run(async () => {
        const isDue = { 'unfinished.dueAt': { $gt: 0, $lte: now } };
        const found = (await payers.find(isDue).sort({ 'unfinished.dueAt': 1 }).limit(limit).lean()) as Stored[];
        return found.map(aggregates.read);
      }),
  };
}
