/**
 * What is needed next from the payer: plain data that knows no medium. Each channel shows it in its own way,
 * and where it cannot, offers to continue elsewhere.
 */
export type Prompt =
  | { readonly kind: 'choose'; readonly message: Message; readonly options: readonly PromptOption[] }
  | { readonly kind: 'confirm'; readonly message: Message }
  | { readonly kind: 'enter'; readonly message: Message; readonly field: EnterField }
  /** Number, expiry and security code as one unit, or the security code alone. */
  | { readonly kind: 'card'; readonly message: Message; readonly ask: 'all' | 'security_code' }
  /** Something the payer's own device must visit: the issuer's device check or its challenge. */
  | { readonly kind: 'follow'; readonly message: Message; readonly purpose: 'device_check' | 'challenge' }
  | { readonly kind: 'wait'; readonly message: Message }
  | { readonly kind: 'result'; readonly message: Message };

export interface PromptOption {
  readonly value: string;
  readonly message: Message;
}

export interface EnterField {
  readonly name: string;
  readonly alphabet: 'digits' | 'text';
  readonly lengthMin: number;
  readonly lengthMax: number;
  /** Secret values go to the vault; the flow sees a token. */
  readonly secret: boolean;
}

/** A key of the catalogue with its parameters; the catalogue has a wording per medium and language. */
export interface Message {
  readonly key: string;
  readonly parameters?: Readonly<Record<string, string>>;
}

/** A prompt that waits for its reply; a reply names `id`, and once it is answered nothing else may answer it. */
export interface OpenPrompt {
  readonly id: string;
  readonly prompt: Prompt;
}
