/** JSON lines in production. Fields are redacted by name and by content before anything is written. */
export interface Log {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

export interface LogFields {
  readonly payment?: string;
  readonly attempt?: string;
  readonly channel?: string;
  readonly trace?: string;
  readonly error?: unknown;
  readonly [name: string]: unknown;
}
