import type { Texts } from '../../contracts/store.js';
import type { Text } from '../../contracts/text.js';
import { createAggregates } from './aggregates.js';
import type { Collections, Stored } from './collections.js';
import type { Session } from './session.js';

export function createTexts(session: Session, { texts }: Collections): Texts {
  const aggregates = createAggregates<Text>(session, { collection: texts });
  const { run } = session;
  const read = (rows: unknown): Text[] => (rows as Stored[]).map(aggregates.read);

  return {
    load: aggregates.load,
    commit: (text) => aggregates.commit(text),
    due: (now, limit) =>
      run(async () => {
        const isDue = { dueAt: { $gt: 0, $lte: now } };
        return read(await texts.find(isDue).sort({ dueAt: 1 }).limit(limit).lean());
      }),
    nextDue: () =>
      run(async () => {
        const first = await texts
          .findOne({ dueAt: { $gt: 0 } }, { dueAt: 1 })
          .sort({ dueAt: 1 })
          .lean();
        return ((first as Stored | null)?.['dueAt'] as number | undefined) ?? null;
      }),
    byKey: (key) => aggregates.find({ key: String(key) }),
    ofPayment: (payment) =>
      run(async () =>
        read(
          await texts
            .find({ payment: String(payment) })
            .sort({ _id: 1 })
            .lean(),
        ),
      ),
    // Ids begin with the time, so their order is that of arrival.
    ofNumber: (numbers, limit) =>
      run(async () => {
        const isOf = { number: { $in: numbers.map(String), $gte: '' } };
        return read(await texts.find(isOf).sort({ _id: -1 }).limit(limit).lean());
      }),
    withDigitsTo: (numbers, limit) =>
      run(async () => {
        const isOf = { number: { $in: numbers.map(String), $gte: '' }, 'challenge.hash': { $gte: '' } };
        return read(await texts.find(isOf).sort({ _id: -1 }).limit(limit).lean());
      }),
  };
}
