import mongoose, { type SchemaDefinition } from 'mongoose';

/**
 * The words our schemas are written in. They validate what this release writes; what they do not name passes (`strict: false`),
 * because it comes from a newer release and rides along in what is written whole. Nothing is filled in that we did not write.
 */
export type Shape = mongoose.Schema;

// An empty text is a text.
mongoose.Schema.Types.String.checkRequired((value: unknown) => typeof value === 'string');

const OPTIONS = {
  _id: false,
  id: false,
  strict: false,
  minimize: false,
  versionKey: false,
  autoIndex: false,
  autoCreate: false,
  // Documents are never made into mongoose's objects here, so `save` and `errors` are names like others.
  suppressReservedKeysWarning: true,
} as const;

/** A document or a part of one. */
export function shape(definition: SchemaDefinition): Shape {
  return new mongoose.Schema(definition, OPTIONS) as unknown as Shape;
}

const isInteger = { validator: Number.isSafeInteger, message: '{PATH} must be a safe integer' };

export const text = { type: String, required: true } as const;
export const textOrNull = { type: String } as const;
export const integer = { type: Number, required: true, validate: isInteger } as const;
export const integerOrNull = {
  type: Number,
  validate: { ...isInteger, validator: (value: unknown) => value === null || Number.isSafeInteger(value) },
} as const;
export const flag = { type: Boolean, required: true } as const;
export const mode = { type: String, required: true, enum: ['test', 'live'] } as const;

export function oneOf(values: readonly string[]) {
  return { type: String, required: true, enum: [...values] } as const;
}

export function part(definition: SchemaDefinition) {
  return { type: shape(definition), required: true } as const;
}

export function partOrNull(definition: SchemaDefinition) {
  return { type: shape(definition) } as const;
}

export function listOf(member: SchemaDefinition | typeof text) {
  const isText = member === text;
  return { type: [isText ? String : shape(member as SchemaDefinition)], required: true, default: undefined };
}
