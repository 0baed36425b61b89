import type { Described } from '../route.js';

/** Everything the documentation is made of, beside its own files: the very data the server works with. */
export interface Documented {
  readonly routes: readonly Described[];
  /** Event types and what they mean. */
  readonly eventTypes: Readonly<Record<string, string>>;
  /** Numbers and tokens of the sandbox and what they do. */
  readonly testCards: readonly { readonly number: string; readonly meaning: string }[];
  /** Settings of this release. */
  readonly settings: readonly { readonly name: string; readonly byDefault: string; readonly meaning: string }[];
  /** Addresses of other pages that this house serves, such as `/shop`: guides lead there. */
  readonly pages: readonly string[];
  readonly publicUrl: string;
  readonly version: string;
}
