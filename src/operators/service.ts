import type { Clock } from '../contracts/clock.js';
import { DuplicateKey, Problem, StoreFailure } from '../contracts/errors.js';
import type { Ids } from '../contracts/ids.js';
import type { Operator, OperatorSecret } from '../contracts/operator.js';
import type { Mode } from '../contracts/payment.js';
import type { Merchants, Operators as OperatorStore } from '../contracts/store.js';
import type { Vault } from '../contracts/vault.js';
import { DEMO_OPERATOR, DEMO_OPERATOR_SECRET } from './demo.js';
import { secretPurpose } from './secrets.js';

export interface OperatorPorts {
  readonly store: { readonly operators: OperatorStore; readonly merchants: Pick<Merchants, 'load'> };
  readonly vault: Pick<Vault, 'seal'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly ids: Ids;
  /** A new `whsec_…`. */
  newSecret(): string;
}

export interface OperatorChange {
  readonly name?: string;
  /** All that it serves from now on. */
  readonly merchants?: readonly string[];
}

/** Secrets in clear, shown once and kept nowhere in clear. */
export interface NewOperator {
  readonly operator: Operator;
  readonly secrets: Readonly<Record<Mode, string>>;
}

export interface OperatorService {
  /** @throws Problem 422 `operator_invalid`, 404 `merchant_not_found` */
  create(wanted: Required<OperatorChange>): Promise<NewOperator>;
  /** @throws Problem 404 `operator_not_found`, `merchant_not_found`; 422 `operator_invalid` */
  update(id: string, change: OperatorChange): Promise<Operator>;
  list(): Promise<Operator[]>;
  /**
   * A new secret of this mode. The one before it works for 24 hours more; with `atOnce`, for when it has leaked, none of this
   * mode does, however many there are. @throws Problem 404; 409 `too_many_secrets`, but never `atOnce`
   */
  rotateSecret(id: string, mode: Mode, atOnce?: boolean): Promise<{ operator: Operator; secret: string }>;
  /** Nothing it signs is taken any more, nor what its boxes sign. @throws Problem 404 */
  disable(id: string): Promise<Operator>;
  /** What was disabled works again, with the secrets and boxes that it had. @throws Problem 404 */
  enable(id: string): Promise<Operator>;
  /** The operator of the first start in development, made by whoever comes first. */
  seedDemo(merchant: string): Promise<Operator>;
}

const OLD_SECRET_WORKS_FOR_MS = 24 * 3_600_000;
/** Of one mode: the new one, and the one that it replaces. */
const SECRETS_OF_MODE_MAX = 2;
const MERCHANTS_MAX = 1_000;
const NAME_MAX = 60;
const RACES_MAX = 20;

export function createOperators(ports: OperatorPorts): OperatorService {
  const { store, vault, clock, ids, newSecret } = ports;
  const { operators } = store;

  function sealed(operator: string, mode: Mode, clear: string): OperatorSecret {
    const kept = { id: ids.next('ops'), mode, createdAt: clock.now(), endsAt: null };
    return { ...kept, sealed: vault.seal(secretPurpose(operator), clear) };
  }

  function draft(of: Pick<Operator, 'id' | 'name' | 'merchants' | 'secrets' | 'demo'>): Operator {
    const now = clock.now();
    return { ...of, revision: 1, schema: 1, status: 'enabled', createdAt: now, updatedAt: now };
  }

  /** @throws Problem 422 `operator_invalid`, 404 `merchant_not_found` */
  async function checked(change: OperatorChange): Promise<OperatorChange> {
    const { name, merchants } = change;
    if (name !== undefined && !isName(name)) {
      throw new Problem(422, 'operator_invalid', `A name has 1 to ${NAME_MAX} printable characters on one line.`);
    }
    if (merchants === undefined) return change;
    const wanted = [...new Set(merchants)];
    if (wanted.length > MERCHANTS_MAX) {
      throw new Problem(422, 'operator_invalid', `An operator serves at most ${MERCHANTS_MAX} merchants.`);
    }
    for (const id of wanted) {
      if ((await store.merchants.load(id)) !== null) continue;
      throw new Problem(404, 'merchant_not_found', `There is no merchant ${id}.`);
    }
    return { ...change, merchants: wanted };
  }

  async function change(id: string, decide: (operator: Operator) => Operator): Promise<Operator> {
    for (let race = 0; race < RACES_MAX; race += 1) {
      const stored = await operators.load(id);
      if (stored === null) throw new Problem(404, 'operator_not_found', 'There is no such operator.');
      const next = { ...decide(stored), revision: stored.revision + 1, updatedAt: clock.now() };
      if (await operators.commit(next)) return next;
    }
    throw new StoreFailure(`operator ${id} could not be changed: too many races lost`);
  }

  async function seedDemo(merchant: string): Promise<Operator> {
    const there = await operators.load(DEMO_OPERATOR.id);
    if (there !== null) return there;
    const secrets = [sealed(DEMO_OPERATOR.id, 'test', DEMO_OPERATOR_SECRET)];
    const operator = draft({ ...DEMO_OPERATOR, merchants: [merchant], secrets, demo: true });
    const isMade = await operators.commit(operator).catch((error: unknown) => {
      if (error instanceof DuplicateKey) return false;
      throw error;
    });
    return isMade ? operator : ((await operators.load(DEMO_OPERATOR.id)) ?? operator);
  }

  return {
    async create(wanted) {
      const { name, merchants } = { ...wanted, ...(await checked(wanted)) };
      const id = ids.next('op');
      const secrets = { test: newSecret(), live: newSecret() };
      const kept = [sealed(id, 'test', secrets.test), sealed(id, 'live', secrets.live)];
      const operator = draft({ id, name, merchants, secrets: kept, demo: false });
      if (!(await operators.commit(operator))) throw new StoreFailure(`operator ${id} exists already`);
      return { operator, secrets };
    },
    async update(id, wanted) {
      const next = await checked(wanted);
      return change(id, (stored) => ({ ...stored, ...next }));
    },
    list: () => operators.list(),
    async rotateSecret(id, mode, atOnce = false) {
      const secret = newSecret();
      const added = sealed(id, mode, secret);
      const operator = await change(id, (stored) =>
        atOnce ? withOnlySecret(stored, added) : withSecret(stored, added, clock.now()),
      );
      return { operator, secret };
    },
    disable: (id) => change(id, (stored) => ({ ...stored, status: 'disabled' })),
    enable: (id) => change(id, (stored) => ({ ...stored, status: 'enabled' })),
    seedDemo,
  };
}

/** Whatever worked in this mode before works no more, and what any television opened is over. */
function withOnlySecret(operator: Operator, added: OperatorSecret): Operator {
  const secrets = [...operator.secrets.filter(({ mode }) => mode !== added.mode), added];
  return { ...operator, secrets, generation: (operator.generation ?? 0) + 1 };
}

/** The one before ends in a day; while it does, there is no room for a third. @throws Problem 409 `too_many_secrets` */
function withSecret(operator: Operator, added: OperatorSecret, now: number): Operator {
  const working = operator.secrets.filter(({ endsAt }) => endsAt === null || endsAt > now);
  const ofMode = working.filter(({ mode }) => mode === added.mode);
  if (ofMode.length >= SECRETS_OF_MODE_MAX) {
    throw new Problem(409, 'too_many_secrets', 'The secret before still works: rotate again when it has ended.');
  }
  const ending = working.map((secret) =>
    secret.mode === added.mode ? { ...secret, endsAt: secret.endsAt ?? now + OLD_SECRET_WORKS_FOR_MS } : secret,
  );
  return { ...operator, secrets: [...ending, added] };
}

/** It stands on pages, in mails and on screens. */
function isName(name: string): boolean {
  return name.trim() !== '' && name.length <= NAME_MAX && !/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u.test(name);
}
