import { Problem } from '../contracts/errors.js';
import type { MailDesk } from '../contracts/mail.js';

const refuse = (): Promise<never> =>
  Promise.reject(new Problem(503, 'busy', 'No mail leaves this house: try again later.', { retryAfterSeconds: 60 }));

/** A house that sends no mail, and says so to whoever asks for one. */
export const noMails: MailDesk = { receipt: refuse, accountLink: refuse, code: () => Promise.resolve(false) };
