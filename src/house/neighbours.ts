import type { RequestHandler } from 'express';
import { isFromThisMachine } from '../http/this_machine.js';

/** Lets programs and browsers of this machine through; for everybody else there is nothing here. */
export const forThisMachine: RequestHandler = (request, _response, next) => {
  if (isFromThisMachine(request)) next();
  else next('router');
};
