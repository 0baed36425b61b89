import type { ErrorRequestHandler } from 'express';
import { Problem } from '../../src/contracts/errors.js';
import type { Log } from '../../src/contracts/log.js';
import type { Answers } from './answers.js';
import type { ProblemKind } from './pages/problem.js';

const RETRY_AFTER_SECONDS = 5;

/** The last resort: a page that says what is true, and never a stack. Bad input is a 4xx, our own trouble a 503. */
export function createErrorPage(answers: Answers, log: Log): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    if (response.headersSent) {
      next(error);
      return;
    }
    const status = statusOf(error);
    if (status >= 500) {
      log.error('the payment page could not answer', { channel: 'web', error });
      response.setHeader('Retry-After', String(RETRY_AFTER_SECONDS));
    }
    answers.problem({ request, response }, status, kindOf(status));
  };
}

function statusOf(error: unknown): number {
  if (error instanceof Problem) return error.status < 500 ? 409 : 503;
  const status: unknown = error instanceof Error ? Reflect.get(error, 'status') : undefined;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : 503;
}

function kindOf(status: number): ProblemKind {
  if (status === 413) return 'too_large';
  return status < 500 && status !== 409 ? 'bad_request' : 'busy';
}
