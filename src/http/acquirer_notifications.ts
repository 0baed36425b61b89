import express, { Router } from 'express';
import type { Engine } from '../contracts/engine.js';
import type { Log } from '../contracts/log.js';

const BODY_BYTES_MAX = 4_096;

/** Reads an acquirer's notification off its signed bytes; null for what is not one. */
export type ReadNotification = (
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
  rawBody: Uint8Array,
) => { readonly payment: string; readonly operation: string } | null;

/**
 * `POST /acquirers/{name}/notifications`: where acquirers say that something happened. It is a hint: the engine inquires.
 * 204 also for what nobody waits for, or the sender would repeat it; 401 for what is not signed.
 */
export function acquirerNotifications(ports: {
  readers: Readonly<Record<string, ReadNotification>>;
  engine: Pick<Engine, 'notified'>;
  log: Log;
}): Router {
  const { readers, engine, log } = ports;
  const router = Router({ caseSensitive: true });
  const raw = express.raw({ type: () => true, limit: BODY_BYTES_MAX, inflate: false });
  for (const [name, read] of Object.entries(readers)) {
    router.post(`/acquirers/${name}/notifications`, raw, async (request, response) => {
      const notification = Buffer.isBuffer(request.body) ? read(request.headers, request.body) : null;
      if (notification === null) {
        response.status(401).end();
        return;
      }
      const { payment, operation } = notification;
      await engine.notified(payment, operation).catch((error: unknown) => {
        log.error('a notification was not taken; the ladder inquires by itself', { payment, operation, error });
      });
      response.status(204).end();
    });
  }
  return router;
}
