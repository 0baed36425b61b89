import express, { type Request, type RequestHandler, type Response } from 'express';
import type { SignedRequests } from '../../src/contracts/telephone.js';

/** A webhook that the provider signed: what stands in its form, and in the query of the address we gave it. */
export interface SignedRequest {
  /** A parameter of the form; an empty text for one that is missing, repeated or too long. */
  field(name: string): string;
  /** A parameter of our own address. */
  query(name: string): string;
}

/** What is answered: a TwiML document of the SDK's own making, never text put together by hand. */
export type Twiml = { toString(): string };

type Handle = (request: SignedRequest, response: Response) => Promise<Twiml | null> | Twiml | null;

const FORM_LIMITS = { extended: false, limit: 32_768, parameterLimit: 200, inflate: false };
const FIELD_LENGTH_MAX = 2_000;

/**
 * Handlers of the provider's webhooks: the form is read, its signature checked over the address as it was asked for and all
 * parameters as they came, unknown ones too, and only then is `handle` called. A missing signature and a wrong one both get 403 and change
 * nothing. Null is answered with an empty document: nothing to say.
 */
export function signedWebhook(signed: SignedRequests, handle: Handle): RequestHandler[] {
  return [
    express.urlencoded(FORM_LIMITS),
    async (request, response) => {
      const parameters = parametersOf(request);
      const signature = request.headers['x-twilio-signature'];
      const given = typeof signature === 'string' ? signature : undefined;
      if (!signed.isSigned(request.originalUrl, given, parameters)) {
        response.status(403).setHeader('Cache-Control', 'no-store').type('text/plain').send('Not signed.\n');
        return;
      }
      answerTwiml(response, await handle(readable(request, parameters), response));
    },
  ];
}

/** 200 `text/xml`, as the provider wants it for errors too: what is plain text it reads aloud. */
export function answerTwiml(response: Response, document: Twiml | null): void {
  if (response.headersSent) return;
  response.status(200).setHeader('Cache-Control', 'no-store');
  response.setHeader('Content-Type', 'text/xml; charset=utf-8');
  response.send(document === null ? EMPTY : document.toString());
}

const EMPTY = '<?xml version="1.0" encoding="UTF-8"?><Response/>';

function parametersOf({ body }: Request): Record<string, string | string[]> {
  return typeof body === 'object' && body !== null ? { ...body } : {};
}

function readable(request: Request, parameters: Readonly<Record<string, string | string[]>>): SignedRequest {
  const query = new URLSearchParams(request.originalUrl.split('?').slice(1).join('?'));
  return {
    field(name) {
      const value = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
      return typeof value === 'string' && value.length <= FIELD_LENGTH_MAX ? value : '';
    },
    query: (name) => query.get(name) ?? '',
  };
}
