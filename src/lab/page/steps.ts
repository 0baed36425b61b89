import type { Exchange as BankExchange } from '../acquirer/exchanges.js';
import type { Deed, JournalEntry } from '../shop/journal.js';
import type { LedgerLine, ShownPayment, Story } from './sources.js';

/** One step of an experiment, read off what was kept of it: when it happened, or null while it has not. */
export interface Step {
  readonly key: string;
  readonly title: string;
  readonly text: string;
  readonly at: number | null;
}

export interface Evidence {
  readonly journal: readonly JournalEntry[];
  readonly payment: ShownPayment;
  readonly story: Story | null;
  readonly ledger: readonly LedgerLine[];
  readonly exchanges: readonly BankExchange[];
}

/** The steps of what was done to this payment, in their order; none where nothing was. */
export function stepsOf(evidence: Evidence): Step[] {
  const done = (what: Deed): JournalEntry | undefined => evidence.journal.find((entry) => entry.what === what);
  const isPlug = done('plug_wanted') !== undefined;
  if (!isPlug && done('answer_lost') === undefined) return [];
  const asked = evidence.ledger.find(({ type }) => type === 'authorize');
  const inquiries = evidence.exchanges.filter(
    ({ method, path }) => method === 'GET' && path.startsWith('/operations/'),
  );
  const answered = inquiries.find(({ status }) => status === 200);
  const approved = evidence.story?.data.find(
    ({ type }) => type === 'attempt.captured' || type === 'attempt.authorized',
  );
  const silences = inquiries.filter(({ status }) => status !== 200).length;
  const cut = evidence.exchanges.find(({ method, status }) => method === 'POST' && status === null);
  return [
    step(
      'asked',
      'The acquirer is asked',
      'It books the authorization: from now on the money is taken.',
      asked?.created_at,
    ),
    ...(isPlug
      ? plugSteps(done)
      : [step('lost', 'The answer is lost', 'The connection was cut before a word of it arrived.', cut?.at)]),
    step('unknown', 'Outcome unknown', UNKNOWN, doubtedAt(evidence, inquiries, answered)),
    step('inquired', 'Inquired', inquiredText(silences), answered?.at),
    step('approved', 'Approved', 'The answer that was missed has been found. The order is paid.', timeOf(approved?.at)),
  ];
}

const UNKNOWN = 'Was the money taken? Nobody here knows. So nothing is charged again, and nothing is called declined.';

function plugSteps(done: (what: Deed) => JournalEntry | undefined): Step[] {
  const killed = 'kill -9, while the acquirer is answering. Its answer finds nobody at home.';
  return [
    step('pulled', 'The plug is pulled', killed, done('plug_pulled')?.at),
    step(
      'back',
      'The server is back',
      'Started again by its supervisor. All it knows is what was on the disk.',
      done('back_again')?.at,
    ),
  ];
}

function inquiredText(silences: number): string {
  const before =
    silences === 0 ? '' : ` ${silences} ${silences === 1 ? 'question' : 'questions'} went unanswered before.`;
  return `“Did you book this operation?” The acquirer says yes.${before}`;
}

/** The doubt has begun with the first inquiry that told nothing, or when the operation says so itself. */
function doubtedAt(
  { payment }: Evidence,
  inquiries: readonly BankExchange[],
  answered?: BankExchange,
): number | undefined {
  const isUnknown = payment.attempts.some(({ outcome }) => outcome === 'unknown');
  const first = inquiries.find(({ status }) => status !== 200) ?? answered;
  return first?.at ?? (isUnknown ? timeOf(payment.attempts.at(-1)?.operations[0]?.created_at) : undefined);
}

/** What the books say in the end: the sentence that all of this is about. */
export function verdictOf({ ledger, payment }: Evidence): { isRight: boolean; text: string } | null {
  if (payment.status !== 'succeeded') return null;
  const standing = ledger.filter(({ type, status }) => type === 'authorize' && status === 'approved');
  const isRight = standing.length === 1;
  const count = isRight ? 'exactly one authorization' : `${standing.length} authorizations`;
  return { isRight, text: `The acquirer’s ledger has ${count} for this payment.` };
}

function step(key: string, title: string, text: string, at: number | undefined): Step {
  return { key, title, text, at: at ?? null };
}

function timeOf(at: string | undefined): number | undefined {
  return at === undefined ? undefined : Date.parse(at);
}
