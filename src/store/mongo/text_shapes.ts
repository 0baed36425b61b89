import { TEXT_KINDS } from '../../contracts/text.js';
import {
  flag,
  integer,
  integerOrNull,
  listOf,
  mode,
  oneOf,
  part,
  partOrNull,
  shape,
  text,
  textOrNull,
} from './shapes.js';

/** One text to one number. */
export const textShape = shape({
  _id: text,
  revision: integer,
  schema: integer,
  merchant: text,
  mode,
  key: text,
  kind: oneOf(TEXT_KINDS),
  payment: text,
  reach: partOrNull({ reach: text, step: integer }),
  about: textOrNull,
  to: textOrNull,
  number: textOrNull,
  status: text,
  why: textOrNull,
  tries: integer,
  sends: integer,
  sid: textOrNull,
  challenge: partOrNull({
    hash: text,
    instrument: text,
    amount: integer,
    expiresAt: integer,
    tried: listOf(text),
    state: text,
    answer: partOrNull({ message: text, prompt: text, at: integer }),
  }),
  untold: flag,
  dueAt: integerOrNull,
  createdAt: integer,
  giveUpAt: integer,
  sentAt: integerOrNull,
  setbacks: integerOrNull,
});

const word = partOrNull({ given: flag, at: integer, by: text });

/** What was said about texts to one number. */
export const consentShape = shape({
  _id: text,
  revision: integer,
  schema: integer,
  purposes: part({ payment: word, receipt: word }),
  log: listOf({ given: flag, at: integer, by: text, purposes: listOf(text) }),
});
