import { Problem } from '../contracts/errors.js';

const PARAMETERS_MAX = 32;
/** What stands where bytes were no UTF-8. */
const UNREADABLE = '\ufffd';

/**
 * The query of a URL, each parameter once. Brackets are part of a name and mean nothing.
 * @throws Problem 400 `parameter_repeated`, `too_many_parameters`, `query_invalid`
 */
export function readQuery(url: string): Record<string, string> {
  const start = url.indexOf('?');
  if (start === -1 || start === url.length - 1) return {};
  const query: Record<string, string> = Object.create(null) as Record<string, string>;
  let count = 0;
  for (const [name, value] of new URLSearchParams(url.slice(start))) {
    count += 1;
    if (count > PARAMETERS_MAX) throw new Problem(400, 'too_many_parameters', 'There are too many query parameters.');
    if (name.includes(UNREADABLE) || value.includes(UNREADABLE)) {
      throw new Problem(400, 'query_invalid', 'The query is not valid UTF-8.');
    }
    if (name in query) {
      throw new Problem(400, 'parameter_repeated', `The query parameter ${name.slice(0, 64)} stands there twice.`);
    }
    query[name] = value;
  }
  return query;
}
