import { Problem } from '../contracts/errors.js';

/**
 * Refuses an `after` that is no place in the list: an empty page would say that nothing follows, and a reader who believes
 * it misses what does.
 */
export function cursorInvalid(detail = 'It is no `next` of this list.'): Problem {
  const errors = [{ pointer: 'after', code: 'cursor_invalid', detail }];
  return new Problem(400, 'cursor_invalid', detail, { errors });
}
