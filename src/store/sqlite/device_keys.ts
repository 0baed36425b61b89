import type { DeviceKey } from '../../contracts/operator.js';
import type { DeviceKeys } from '../../contracts/store.js';
import { pageOf } from '../pages.js';
import { createDocumentTable, documentsOf } from './documents.js';
import type { Session } from './session.js';

interface Found {
  readonly found: string;
}

const LATEST_MAX = 20;
/** Behind every id. */
const LAST = '~';

export function createDeviceKeys({ database, read, write }: Session): DeviceKeys {
  const table = createDocumentTable<DeviceKey>(database, 'device_keys', ['operator', 'mode', 'device', 'sequence']);
  const ofDevice = database.prepare(
    'SELECT body FROM device_keys WHERE operator = ? AND mode = ? AND device = ? ORDER BY sequence DESC LIMIT ?',
  );
  const ofOperator = database.prepare(
    'SELECT body FROM device_keys WHERE operator = ? AND mode = ? AND id < ? ORDER BY id DESC LIMIT ?',
  );
  const nextSealed = database.prepare(
    `SELECT json_extract(body, '$.sealed') AS found FROM device_keys
     WHERE json_extract(body, '$.revokedAt') IS NULL AND json_extract(body, '$.sealed') > ?
     ORDER BY json_extract(body, '$.sealed') LIMIT 1`,
  );
  return {
    load: (id) => read(() => table.find(id)),
    async commit(key) {
      const { operator, mode, device, sequence } = key;
      return write(table.change(key, { operator, mode, device, sequence }));
    },
    ofDevice: (operator, mode, device) =>
      read(() => documentsOf<DeviceKey>(ofDevice.all(operator, mode, device, LATEST_MAX))),
    nextSealed: (after) => read(() => (nextSealed.get(after) as Found | undefined)?.found ?? null),
    ofOperator: (operator, mode, { after, limit }) =>
      read(() => pageOf(documentsOf<DeviceKey>(ofOperator.all(operator, mode, after ?? LAST, limit + 1)), limit)),
  };
}
