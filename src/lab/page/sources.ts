import type { Exchange as BankExchange } from '../acquirer/exchanges.js';
import type { ProgrammedFault } from '../acquirer/faults.js';

/** Where the lab looks: the merchant API with the demo key, the sandbox's own API, and the mailbox when there is one. */
export interface SourcePorts {
  readonly publicUrl: string;
  readonly key: string;
  readonly sandbox: { url(): string; readonly credential: string };
}

/** What the lab reads of a payment, in the API's words. */
export interface ShownPayment {
  readonly id: string;
  readonly reference: string;
  readonly status: string;
  readonly amount: number;
  readonly currency: string;
  readonly created_at: string;
  readonly attempts: readonly {
    readonly id: string;
    readonly status: string;
    readonly outcome: string | null;
    readonly channel: string;
    readonly next_check_at: string | null;
    readonly card: { readonly brand: string; readonly last4: string } | null;
    readonly operations: readonly ShownOperation[];
  }[];
  readonly links: { readonly pay: string | null };
  /** What the payer may do now; `ivr_prompt` says where to call and which code to key. */
  readonly next_actions: readonly {
    readonly type: string;
    readonly telephone?: string;
    readonly payment_code?: string;
  }[];
}

export interface ShownOperation {
  readonly id: string;
  readonly type: string;
  readonly status: string;
  readonly amount: number;
  readonly created_at: string;
}

export interface Story {
  readonly data: readonly {
    readonly at: string;
    readonly type: string;
    readonly reason: string | null;
    readonly text: string;
  }[];
  readonly next: { readonly at: string | null; readonly text: string } | null;
}

/** A line of the sandbox's book. */
export interface LedgerLine {
  readonly operation: string;
  readonly type: string;
  readonly status: string;
  readonly amount: number;
  readonly currency: string;
  readonly net: number;
  readonly card: string | null;
  readonly reference: string;
  readonly created_at: number;
}

export interface ShownMail {
  readonly id: string | number;
  readonly at: string | number;
  readonly to: unknown;
  readonly subject: string;
  readonly text: string;
}

export interface Sources {
  /** The newest first. */
  recent(): Promise<ShownPayment[]>;
  payment(id: string): Promise<ShownPayment | null>;
  story(id: string): Promise<Story | null>;
  ledger(payment: string): Promise<LedgerLine[]>;
  /** What was said with the acquirer about a payment, oldest first, card fields masked by the sandbox. */
  bankExchanges(payment: ShownPayment): Promise<BankExchange[]>;
  faults(): Promise<ProgrammedFault[]>;
  program(fault: Partial<ProgrammedFault>): Promise<void>;
  heal(): Promise<void>;
  /** Mails about a payment; null where there is no mailbox. */
  mails(payment: ShownPayment): Promise<ShownMail[] | null>;
}

const PATIENCE_MS = 3_000;
const RECENT = 8;

export function createSources({ publicUrl, key, sandbox }: SourcePorts): Sources {
  async function ask<T>(url: string, credential: string | null, init: RequestInit = {}): Promise<T | null> {
    const headers = credential === null ? {} : { authorization: `Bearer ${credential}` };
    const response = await fetch(url, { ...init, headers, signal: AbortSignal.timeout(PATIENCE_MS) });
    if (response.status === 404) return null;
    if (!response.ok) throw new Error(`${new URL(url).pathname} answered ${response.status}`);
    return (await response.json()) as T;
  }
  const merchant = <T>(path: string): Promise<T | null> => ask<T>(`${publicUrl}/v1/payments${path}`, key);
  const bank = <T>(path: string, init?: RequestInit): Promise<T | null> =>
    ask<T>(`${sandbox.url()}${path}`, sandbox.credential, init);

  return {
    recent: async () => (await merchant<{ data: ShownPayment[] }>(`?limit=${RECENT}`))?.data ?? [],
    payment: (id) => merchant<ShownPayment>(`/${encodeURIComponent(id)}`),
    story: (id) => merchant<Story>(`/${encodeURIComponent(id)}/timeline`),
    async ledger(payment) {
      const page = await bank<{ operations: LedgerLine[] }>(`/ledger?payment=${encodeURIComponent(payment)}`);
      return page?.operations ?? [];
    },
    async bankExchanges(payment) {
      const kept = (await bank<{ exchanges: BankExchange[] }>('/exchanges'))?.exchanges ?? [];
      const names = [payment.id, ...payment.attempts.flatMap(({ operations }) => operations.map(({ id }) => id))];
      const isAbout = (exchange: BankExchange): boolean => {
        const text = JSON.stringify(exchange);
        return names.some((name) => text.includes(name));
      };
      return kept.filter(isAbout).toReversed();
    },
    faults: async () => (await bank<{ faults: ProgrammedFault[] }>('/faults'))?.faults ?? [],
    async program(fault) {
      await bank('/faults', { method: 'POST', body: JSON.stringify(fault) });
    },
    async heal() {
      await bank('/faults', { method: 'DELETE' });
    },
    async mails({ id }) {
      const query = new URLSearchParams({ about: id });
      const page = await ask<{ data: ShownMail[] }>(`${publicUrl}/lab/mailbox/messages.json?${query}`, null);
      return page === null ? null : page.data;
    },
  };
}
