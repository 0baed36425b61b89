import { FAULTS, type Fault } from './cards.js';
import { isObject } from './requests.js';

/** What a fault can be put on: an operation, an inquiry, an authentication, or the result message after a challenge. */
export const FAULT_POINTS = [
  'authorize',
  'capture',
  'void',
  'refund',
  'reverse',
  'inquire',
  'authenticate',
  'authentication_result',
] as const;
export type FaultPoint = (typeof FAULT_POINTS)[number];

export interface ProgrammedFault {
  readonly operation: FaultPoint;
  readonly fault: Fault;
  /** How many exchanges it still happens to. */
  readonly count: number;
  /** Only to this payment; null for any. */
  readonly payment: string | null;
}

export interface Faults {
  /** Puts a fault on the next `count` exchanges of a kind; false when too many wait already. */
  program(fault: ProgrammedFault): boolean;
  /** The fault that happens to this exchange, used up by it; null for none. The oldest that fits comes first. */
  take(operation: FaultPoint, payment: string | null): Fault | null;
  list(): readonly ProgrammedFault[];
  clear(): void;
}

const PROGRAMMED_MAX = 1_000;
const COUNT_MAX = 1_000_000;

/** Programmed faults live in memory: a restart of the sandbox heals it. */
export function createFaults(): Faults {
  let programmed: ProgrammedFault[] = [];
  return {
    program(fault) {
      if (programmed.length >= PROGRAMMED_MAX) return false;
      programmed.push(fault);
      return true;
    },
    take(operation, payment) {
      const index = programmed.findIndex(
        (fault) => fault.operation === operation && (fault.payment === null || fault.payment === payment),
      );
      const found = programmed[index];
      if (found === undefined) return null;
      if (found.count > 1) programmed[index] = { ...found, count: found.count - 1 };
      else programmed.splice(index, 1);
      return found.fault;
    },
    list: () => [...programmed],
    clear() {
      programmed = [];
    },
  };
}

/** Reads a fault as it is posted; `count` is 1 and `payment` any unless they are given. Null for what is not one. */
export function readFault(body: unknown): ProgrammedFault | null {
  if (!isObject(body)) return null;
  const { operation, fault, count = 1, payment = null } = body;
  if (!isPoint(operation) || !isFault(fault)) return null;
  if (typeof count !== 'number' || !Number.isInteger(count) || count < 1 || count > COUNT_MAX) return null;
  if (payment !== null && (typeof payment !== 'string' || payment.length > 64)) return null;
  return { operation, fault, count, payment };
}

function isPoint(value: unknown): value is FaultPoint {
  return (FAULT_POINTS as readonly unknown[]).includes(value);
}

function isFault(value: unknown): value is Fault {
  return (FAULTS as readonly unknown[]).includes(value);
}
