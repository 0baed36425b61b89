import { Router } from 'express';

export interface OperationsPorts {
  /** Resolves while the store answers. */
  ping(): Promise<void>;
  /** The acquirers that are configured, by name; named, never decisive. */
  acquirers(): Promise<readonly { readonly name: string; readonly ok: boolean | null }[]>;
  /** What else this process works with, by name; never decisive either. */
  services?(): readonly { readonly name: string; readonly ok: boolean | null }[];
  /** The Prometheus text. */
  metrics(): Promise<{ readonly contentType: string; readonly text: string }>;
}

/** `/healthz`: alive. `/readyz`: 200 while the store answers. `/metrics`: Prometheus. */
export function operationsRouter({ ping, acquirers, services, metrics }: OperationsPorts): Router {
  const router = Router();
  router.get('/healthz', (_request, response) => {
    response.json({ status: 'ok' });
  });
  router.get('/readyz', async (_request, response) => {
    const isStoreThere = await ping().then(
      () => true,
      () => false,
    );
    const status = isStoreThere ? 'ok' : 'unavailable';
    const named = {
      acquirers: (await acquirers()).map(shown),
      ...(services === undefined ? {} : { services: services().map(shown) }),
    };
    response.status(isStoreThere ? 200 : 503).json({ status, store: status, ...named });
  });
  router.get('/metrics', async (_request, response) => {
    const { contentType, text } = await metrics();
    response.type(contentType).send(text);
  });
  return router;
}

function shown({ name, ok }: { readonly name: string; readonly ok: boolean | null }) {
  return { name, status: ok === null ? 'unknown' : ok ? 'ok' : 'unavailable' };
}
