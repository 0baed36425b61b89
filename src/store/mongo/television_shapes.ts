import { flag, integer, integerOrNull, listOf, mode, oneOf, part, shape, text, textOrNull } from './shapes.js';

/** Who runs set-top boxes. */
export const operatorShape = shape({
  _id: text,
  revision: integer,
  schema: integer,
  status: oneOf(['enabled', 'disabled']),
  name: text,
  merchants: listOf(text),
  secrets: listOf({ id: text, mode, sealed: text, createdAt: integer, endsAt: integerOrNull }),
  generation: integerOrNull,
  demo: flag,
  createdAt: integer,
  updatedAt: integer,
});

/** The key of one box. */
export const deviceKeyShape = shape({
  _id: text,
  revision: integer,
  schema: integer,
  operator: text,
  mode,
  device: text,
  sequence: integer,
  account: textOrNull,
  sealed: text,
  createdAt: integer,
  revokedAt: integerOrNull,
});

/** What one box shows of one payment. */
export const tvSessionShape = shape({
  _id: text,
  revision: integer,
  schema: integer,
  operator: text,
  mode,
  device: part({ id: text, model: textOrNull }),
  payment: text,
  account: textOrNull,
  language: textOrNull,
  place: part({
    screen: text,
    focus: integer,
    notice: textOrNull,
    keyed: textOrNull,
    seq: integerOrNull,
    keyedOn: integerOrNull,
    provenAt: integerOrNull,
  }),
  step: integer,
  createdAt: integer,
  updatedAt: integer,
  deviceKey: textOrNull,
  generation: integerOrNull,
  toldAt: integerOrNull,
  endsAt: integer,
});
