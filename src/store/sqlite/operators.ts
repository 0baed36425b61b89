import type { Operator } from '../../contracts/operator.js';
import type { Operators } from '../../contracts/store.js';
import { createDocumentTable, documentsOf } from './documents.js';
import { createKnown } from './known.js';
import type { Session } from './session.js';

/** Operators that are kept in memory. */
const KNOWN_MAX = 1_000;

export function createOperators({ database, read, write }: Session): Operators {
  const table = createDocumentTable<Operator>(database, 'operators', []);
  // Every look of a television asks whether its operator may still show anything.
  const known = createKnown<Operator>(database, KNOWN_MAX);
  const all = database.prepare('SELECT body FROM operators ORDER BY seq');
  return {
    load: (id) => read(() => known.get(id, () => table.find(id))),
    commit: async (operator) => write(table.change(operator, {}, known.clear)),
    list: () => read(() => documentsOf<Operator>(all.all())),
  };
}
