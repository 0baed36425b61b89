import type { Operator } from '../../contracts/operator.js';
import type { Operators } from '../../contracts/store.js';
import { createAggregates } from './aggregates.js';
import type { Collections, Stored } from './collections.js';
import type { Session } from './session.js';

export function createOperators(session: Session, { operators }: Collections): Operators {
  const aggregates = createAggregates<Operator>(session, { collection: operators });
  return {
    load: aggregates.load,
    commit: (operator) => aggregates.commit(operator),
    list: () =>
      session.run(async () => {
        const rows = await operators.find({}).sort({ _id: 1 }).lean();
        return (rows as Stored[]).map(aggregates.read);
      }),
  };
}
