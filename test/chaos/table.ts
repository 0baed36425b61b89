/** What the rounds came to: a line for each, and a table of all. */
import type { FaultName } from './faults.js';
import type { Harm, Hearing, Round } from './scene.js';

export interface Played {
  readonly seed: number;
  readonly fault: FaultName;
  readonly round: Round;
  readonly hearing: Hearing;
  readonly harm: readonly Harm[];
}

const KINDS = ['lost', 'doubled', 'stuck', 'untrue', 'unheard', 'answer'] as const;

/** The figures of one round. */
export function lineOf({ seed, fault, round, hearing, harm }: Played) {
  const counts = Object.fromEntries(KINDS.map((kind) => [kind, harm.filter((one) => one.kind === kind).length]));
  return {
    seed,
    fault,
    deed: round.deeds.join('; '),
    payments: round.payments,
    requests: round.requests,
    refusals: round.refusals,
    events: hearing.events,
    received: hearing.received,
    fault_seconds: rounded(round.faultSeconds),
    seconds_until_all_ended: rounded(round.endSeconds),
    seconds_until_all_told: rounded(round.endSeconds + hearing.seconds),
    ...(counts as Readonly<Record<(typeof KINDS)[number], number>>),
  };
}

export type Line = ReturnType<typeof lineOf>;

export function createTable() {
  const lines: Line[] = [];
  return {
    add(played: Played): Line {
      const line = lineOf(played);
      lines.push(line);
      return line;
    },
    /** One row for each fault, and one for all. */
    text(): string {
      const faults = [...new Set(lines.map(({ fault }) => fault))].sort();
      const rows = faults.map((fault) =>
        row(
          fault,
          lines.filter((line) => line.fault === fault),
        ),
      );
      const head = [
        'fault',
        'rounds',
        'payments',
        'events',
        'come again',
        's to end, median',
        'most',
        's to tell, most',
        ...KINDS,
      ];
      return [head, head.map(() => '---'), ...rows, row('all', lines)]
        .map((cells) => `| ${cells.join(' | ')} |`)
        .join('\n');
    },
  };
}

function row(name: string, lines: readonly Line[]): (string | number)[] {
  const sum = (field: 'payments' | 'events' | 'refusals' | (typeof KINDS)[number]): number =>
    lines.reduce((total, line) => total + line[field], 0);
  const ends = lines.map((line) => line.seconds_until_all_ended).sort((a, b) => a - b);
  const told = lines.map((line) => line.seconds_until_all_told);
  const median = ends[Math.floor(ends.length / 2)] ?? 0;
  const figures = [
    lines.length,
    sum('payments'),
    sum('events'),
    sum('refusals'),
    median,
    Math.max(...ends),
    Math.max(...told),
  ];
  return [name, ...figures, ...KINDS.map(sum)];
}

const rounded = (seconds: number): number => Math.round(seconds * 10) / 10;
