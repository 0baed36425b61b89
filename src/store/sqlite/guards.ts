import type { Guards } from '../../contracts/store.js';
import type { Session } from './session.js';

const SWEEP_MAX = 5_000;

export function createGuards({ database, read, write }: Session): Guards {
  const raise = database.prepare(
    `INSERT INTO counters (key, count, ends_at) VALUES (?1, 1, ?2 + ?3)
     ON CONFLICT (key) DO UPDATE SET
       count = CASE WHEN ends_at <= ?3 THEN 1 ELSE count + 1 END,
       ends_at = CASE WHEN ends_at <= ?3 THEN ?2 + ?3 ELSE ends_at END
     RETURNING count, ends_at`,
  );
  const select = database.prepare('SELECT count FROM counters WHERE key = ? AND ends_at > ?');
  const lower = database.prepare('UPDATE counters SET count = count - 1 WHERE key = ? AND ends_at > ? AND count > 0');
  const clear = database.prepare('DELETE FROM counters WHERE key = ?');
  const use = database.prepare(
    `INSERT INTO used (key, ends_at) VALUES (?1, ?2)
     ON CONFLICT (key) DO UPDATE SET ends_at = ?2 WHERE ends_at <= ?3`,
  );
  const removals = ['counters', 'used'].map((table) =>
    database.prepare(
      `DELETE FROM ${table} WHERE key IN (SELECT key FROM ${table} WHERE ends_at <= ? ORDER BY ends_at LIMIT ?)`,
    ),
  );

  return {
    raise: (key, windowMs, now) =>
      write(() => {
        const row = raise.get(key, windowMs, now) as { count: number; ends_at: number };
        return { count: row.count, resetsAt: row.ends_at };
      }),
    read: (key, now) => read(() => (select.get(key, now) as { count: number } | undefined)?.count ?? 0),
    lower: (key, now) =>
      write(() => {
        lower.run(key, now);
      }),
    clear: (key) =>
      write(() => {
        clear.run(key);
      }),
    useOnce: (key, until, now) => write(() => use.run(key, until, now).changes === 1),
    sweep: (now) => write(() => removals.reduce((sum, removal) => sum + removal.run(now, SWEEP_MAX).changes, 0)),
  };
}
