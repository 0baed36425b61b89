import type { Database, Value } from './database.js';

/** Aggregates of one table: JSON documents under compare-and-swap, beside the columns they are found by. */
export interface DocumentTable<T> {
  find(id: string): T | null;
  /**
   * Takes the document as it is now, and answers what to do with it inside a transaction: false when somebody else was
   * first, before anything is written. `beforeWrite` runs once it is known that nobody was.
   */
  change(document: T, columns: Readonly<Record<string, Value>>, beforeWrite?: () => void): () => boolean;
}

export function createDocumentTable<T extends { readonly id: string; readonly revision: number }>(
  database: Database,
  table: string,
  columnNames: readonly string[],
): DocumentTable<T> {
  const names = ['revision', ...columnNames, 'body'];
  const load = database.prepare(`SELECT body FROM ${table} WHERE id = ?`);
  const revisionOf = database.prepare(`SELECT revision FROM ${table} WHERE id = ?`);
  const insert = database.prepare(
    `INSERT INTO ${table} (${names.join(', ')}, id) VALUES (${names.map(() => '?').join(', ')}, ?)`,
  );
  const update = database.prepare(`UPDATE ${table} SET ${names.map((name) => `${name} = ?`).join(', ')} WHERE id = ?`);

  return {
    find: (id) => documentOf<T>(load.get(id)),
    change(document, columns, beforeWrite) {
      const { id, revision } = document;
      const indexed = columnNames.map((name) => columns[name] ?? null);
      const values = [revision, ...indexed, JSON.stringify(document), id];
      return () => {
        const stored = revisionOf.get(id) as { revision: number } | undefined;
        if ((stored?.revision ?? 0) !== revision - 1) return false;
        beforeWrite?.();
        (stored === undefined ? insert : update).run(...values);
        return true;
      };
    },
  };
}

/** The document in the `body` of a row, if there is a row. */
export function documentOf<T>(row: unknown): T | null {
  return row === undefined ? null : (JSON.parse((row as { body: string }).body) as T);
}

/** The documents of several rows. */
export function documentsOf<T>(rows: readonly unknown[]): T[] {
  return rows.map((row) => JSON.parse((row as { body: string }).body) as T);
}
