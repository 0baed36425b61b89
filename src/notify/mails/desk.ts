import type { Clock } from '../../contracts/clock.js';
import { DuplicateKey, Problem } from '../../contracts/errors.js';
import type { Ids } from '../../contracts/ids.js';
import type { Mail, MailDesk } from '../../contracts/mail.js';
import type { AccountChange, Payer } from '../../contracts/payer.js';
import type { Store } from '../../contracts/store.js';
import { isMailable } from './addresses.js';
import type { Carrier } from './carrier.js';
import { newMail } from './record.js';
import type { Writer } from './writer.js';

export interface DeskPorts {
  readonly store: Pick<Store, 'mails'>;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly writer: Writer;
  /** Connections of its own: a one-time code waits behind no other mail. Null where there is no mail server. */
  readonly carrier: Carrier | null;
  /** A keyed hash, so that an address can be recognised where it is not kept. */
  pseudonym(text: string): string;
  /** A mail is due. */
  planned(): void;
}

/** What others may have written, beside what events cause by themselves. */
export function createDesk(ports: DeskPorts): MailDesk {
  const { store, clock, ids, writer, carrier } = ports;

  /** Under a key that stands for the wish: asked twice, planned once. */
  async function plan(given: Parameters<typeof newMail>[0]): Promise<void> {
    const now = clock.now();
    try {
      await store.mails.commit(newMail(given, { at: now, dueAt: now }, ids));
    } catch (error) {
      if (!(error instanceof DuplicateKey)) throw error;
    }
    ports.planned();
  }

  /** The one receipt to an address, or another one where those before came to nothing. */
  async function receiptKey(payment: string, of: string): Promise<string> {
    const key = `${payment}.receipt.${of}`;
    const before = (await store.mails.ofPayment(payment)).filter((mail) => mail.key.startsWith(key));
    const failed = before.filter(({ status }) => status === 'parked' || status === 'dropped').length;
    return failed === 0 || failed < before.length ? key : `${key}.${failed + 1}`;
  }

  return {
    async receipt({ id: payment, merchant, mode }, to) {
      const of = ports.pseudonym(`receipt ${payment} ${to.trim().toLowerCase()}`);
      const given = { merchant, mode, payment, kind: 'paid', audience: 'payer', about: null } as const;
      await plan({ ...given, to: to.trim(), key: await receiptKey(payment, of) });
    },

    async accountLink({ id: payer, owner: merchant, mode, email, erasedAt }, session) {
      if (email === null || erasedAt !== null) {
        throw new Problem(409, 'payer_without_email', 'The account keeps no e-mail address to send the link to.');
      }
      const given: Pick<Mail, 'kind' | 'audience'> = { kind: 'account_link', audience: 'payer' };
      await plan({ ...given, merchant, mode, payer, payment: null, about: session.id, key: `${session.id}.payer` });
    },

    async accountChanged(payer, what, about, to) {
      const { id, owner: merchant, mode, email, erasedAt } = payer;
      if ((to ?? email) === null || erasedAt !== null) return;
      const key = changeKey(payer, what, about, to);
      const given = { merchant, mode, payer: id, payment: null, about, to } as const;
      await plan({ ...given, kind: what, audience: 'payer', key });
    },

    async code(mail) {
      if (carrier === null || !isMailable(mail.to)) return false;
      const message = writer.code(mail, { messageId: ids.next('eml'), at: clock.now() });
      const { outcome } = await carrier.post(message, mail.deadline);
      return outcome === 'taken';
    },
  };
}

/** One change is one revision, however late it is asked for: a card that was renewed is saved anew under the same id. */
function changeKey({ id, revision }: Payer, what: AccountChange, about: string | null, to: string | null): string {
  return [id, what, ...(about === null ? [] : [about]), `r${revision}`, to === null ? 'payer' : 'before'].join('.');
}
