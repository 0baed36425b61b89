import type { Collection, Stored } from './collections.js';
import { gathered } from './gathered.js';

/**
 * Reads documents by a text that names at most one. Those who ask together are answered by one command, and each gets a
 * document of his own, read after he asked; null when there is none. `seen` is called with each, once.
 */
export function createReads(
  { collection }: Collection,
  projection: Readonly<Record<string, 0>>,
  seen: (document: Stored) => void,
): (id: string) => Promise<Stored | null> {
  return gathered(async (ids) => {
    const wanted = [...new Set(ids)];
    const filter = { _id: wanted.length === 1 ? wanted[0] : { $in: wanted } };
    const documents = (await collection.find(filter as never, { projection }).toArray()) as unknown as Stored[];
    documents.forEach(seen);
    const found = new Map(documents.map((document) => [document._id, document]));
    return ids.map((id, index) => {
      const document = found.get(id) ?? null;
      return ids.indexOf(id) === index ? document : structuredClone(document);
    });
  });
}
