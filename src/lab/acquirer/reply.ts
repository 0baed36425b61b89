/** What the sandbox does with an exchange: answers it, answers it late, or cuts the connection. */
export type Reply =
  | { readonly kind: 'json'; readonly status: number; readonly body: object }
  | { readonly kind: 'page'; readonly status: number; readonly html: string; readonly policy: string }
  | { readonly kind: 'late'; readonly reply: Reply; readonly at: number }
  | { readonly kind: 'cut' };

export function json(status: number, body: object): Reply {
  return { kind: 'json', status, body };
}

/** The answer is given at `at`, milliseconds since the epoch. */
export function late(reply: Reply, at: number): Reply {
  return { kind: 'late', reply, at };
}

export const cut: Reply = { kind: 'cut' };

export const unavailable: Reply = json(503, { error: 'unavailable' });

/** What a proxy in between might answer. */
export const garbage: Reply = {
  kind: 'page',
  status: 200,
  html: '<!doctype html><title>Gateway</title><p>Everything is fine.</p>',
  policy: "default-src 'none'",
};
