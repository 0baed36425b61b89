import type { Documents } from '../../contracts/store.js';
import type { Consent } from '../../contracts/text.js';
import { createDocumentTable } from './documents.js';
import type { Session } from './session.js';

export function createConsents({ database, read, write }: Session): Documents<Consent> {
  const table = createDocumentTable<Consent>(database, 'consents', []);
  return {
    load: (id) => read(() => table.find(id)),
    commit: async (consent) => write(table.change(consent, {})),
  };
}
