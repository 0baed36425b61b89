import type { SchemaType } from 'mongoose';
import { Impossible } from '../../contracts/errors.js';
import type { Shape } from './shapes.js';

/**
 * Checks values against a mongoose schema, as mongoose would but without making documents of them, which cost more than the
 * write itself (measured: ADR 10). Nothing is cast: a number in the place of a text is a bug and is refused.
 */
export interface Conformity {
  /** A whole document. @throws Impossible */
  whole(document: Readonly<Record<string, unknown>>): void;
  /** What `$set` is told, by path; paths that the schema does not name belong to a newer release. @throws Impossible */
  changes(changes: Readonly<Record<string, unknown>>): void;
  /** New members of lists, by the list's name. @throws Impossible */
  additions(additions: Readonly<Record<string, unknown>>): void;
}

interface Node {
  check(value: unknown, path: string): void;
  /** What stands under a name, or at a place of a list; null for what the schema does not name. */
  under(name: string): Node | null;
}

/** What mongoose knows of a path, as far as it is asked here. */
interface PathType extends Pick<SchemaType, 'isRequired' | 'instance'> {
  readonly schema?: Shape;
  readonly validators: readonly { readonly type?: string; readonly validator?: unknown }[];
}

export function conformityOf(shape: Shape): Conformity {
  const root = fieldsOf(shape);

  function at(path: string): Node | null {
    return path.split('.').reduce<Node | null>((node, name) => node?.under(name) ?? null, root);
  }

  return {
    whole: (document) => root.check(document, ''),
    changes(changes) {
      for (const [path, value] of Object.entries(changes)) at(path)?.check(value, path);
    },
    additions(additions) {
      for (const [list, value] of Object.entries(additions)) at(`${list}.0`)?.check(value, list);
    },
  };
}

function fieldsOf(shape: Shape): Node {
  const fields = new Map<string, Node>();
  shape.eachPath((name, type) => {
    fields.set(name, nodeOf(type as unknown as PathType));
  });
  return {
    under: (name) => fields.get(name) ?? null,
    check(value, path) {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) throw refused(path);
      const given = value as Readonly<Record<string, unknown>>;
      for (const [name, node] of fields) node.check(given[name], path === '' ? name : `${path}.${name}`);
    },
  };
}

function nodeOf(type: PathType): Node {
  const member = type.schema === undefined ? null : fieldsOf(type.schema);
  const node = type.instance === 'Array' ? listOf(member ?? TEXT) : (member ?? plainOf(type));
  if (type.isRequired) return node;
  return {
    under: node.under,
    check(value, path) {
      if (value !== null && value !== undefined) node.check(value, path);
    },
  };
}

function listOf(member: Node): Node {
  return {
    under: () => member,
    check(value, path) {
      if (!Array.isArray(value)) throw refused(path);
      for (const [index, one] of value.entries()) member.check(one, `${path}.${index}`);
    },
  };
}

/** What `typeof` says of each kind of value that our schemas use. */
const TYPES: Readonly<Record<string, string>> = { String: 'string', Number: 'number', Boolean: 'boolean' };

function plainOf({ instance, validators }: PathType): Node {
  const expected = TYPES[instance];
  const rules = validators.flatMap(({ type, validator }) =>
    type === 'required' || typeof validator !== 'function' ? [] : [validator as (value: unknown) => unknown],
  );
  return {
    under: () => null,
    check(value, path) {
      const isOfType = expected === undefined ? value instanceof Uint8Array : typeof value === expected;
      if (!isOfType || !rules.every((rule) => rule(value))) throw refused(path);
    },
  };
}

const TEXT: Node = {
  under: () => null,
  check(value, path) {
    if (typeof value !== 'string') throw refused(path);
  },
};

function refused(path: string): Impossible {
  return new Impossible(`the schema refuses what stands at ${path}`);
}
