/** The root of the checkout. */
export const ROOT: string;
/** Installs when needed and, unless `build` is false, compiles what changed into dist/. */
export function prepare(options?: { build?: boolean }): void;
/** Where compiled code stands. */
export const DIST: string;
