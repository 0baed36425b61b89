import type { Operator } from '../../contracts/operator.js';
import type { Operators } from '../../contracts/store.js';
import { createDocumentTable, documentsOf } from './documents.js';
import type { Session } from './session.js';

export function createOperators({ database, read, write }: Session): Operators {
  const table = createDocumentTable<Operator>(database, 'operators', []);
  const all = database.prepare('SELECT body FROM operators ORDER BY seq');
  return {
    load: (id) => read(() => table.find(id)),
    commit: async (operator) => write(table.change(operator, {})),
    list: () => read(() => documentsOf<Operator>(all.all())),
  };
}
