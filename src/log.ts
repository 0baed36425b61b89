import { createLogger, transports } from 'winston';
import type { Clock } from './contracts/clock.js';
import { rfc3339 } from './contracts/clock.js';
import type { Log, LogFields } from './contracts/log.js';
import { redact, redactText } from './redaction.js';
import { LOG_LEVELS, type LogFormat, type LogLevel } from './settings.js';

export interface LogOptions {
  /** The least important level that is written. */
  readonly level: LogLevel;
  readonly format: LogFormat;
  readonly clock: Clock;
  /** Standard output if not given. */
  readonly stream?: NodeJS.WritableStream;
}

/** Where winston expects the finished line. */
const LINE = Symbol.for('message');
/** Names an entry has of its own; a field called so is written with an underscore behind. */
const OWN_NAMES = new Set(['time', 'level', 'message']);

/**
 * Makes the log. Everything passes `redact` before it is written; a level that is off costs one call of an empty function.
 * A stream that breaks is given up silently: a reader of the log that goes away must not stop payments.
 */
export function createLog({ level, format, clock, stream = process.stdout }: LogOptions): Log {
  stream.on('error', () => undefined);
  const render = format === 'json' ? JSON.stringify : renderText;
  const logger = createLogger({
    level,
    format: {
      transform: (info) => {
        info[LINE] = render(info['entry'] as Entry);
        return info;
      },
    },
    transports: [new transports.Stream({ stream, eol: '\n' })],
  });
  const writer = (at: LogLevel): Log[LogLevel] => {
    if (LOG_LEVELS.indexOf(at) > LOG_LEVELS.indexOf(level)) return () => undefined;
    return (message, fields) => {
      const entry = { time: rfc3339(clock.now()), level: at, message: redactText(message), ...fieldsOf(fields) };
      logger.log({ level: at, message: '', entry });
    };
  };
  return { error: writer('error'), warn: writer('warn'), info: writer('info'), debug: writer('debug') };
}

interface Entry {
  readonly time: string;
  readonly level: string;
  readonly message: string;
  readonly [field: string]: unknown;
}

function fieldsOf(fields: LogFields | undefined): Record<string, unknown> {
  if (fields === undefined) return {};
  const clean = Object.entries(redact(fields) as Record<string, unknown>);
  return Object.fromEntries(clean.map(([name, value]) => [OWN_NAMES.has(name) ? `${name}_` : name, value]));
}

/** `12:00:00.000 warn  what happened payment=pay_… {"further":"fields"}`, then stacks, each line indented. */
function renderText({ time, level, message, ...fields }: Entry): string {
  const stacks: string[] = [];
  const words = Object.entries(fields).map(([name, value]) => {
    if (typeof value === 'string') return `${oneLine(name)}=${oneLine(value)}`;
    stacks.push(...stacksOf(value));
    return `${oneLine(name)}=${JSON.stringify(value, (key, member) => (key === 'stack' ? undefined : member))}`;
  });
  const line = [time.slice(11, 23), level.padEnd(5), oneLine(message), ...words].join(' ');
  return [line, ...stacks.flatMap((stack) => stack.split('\n')).map((part) => `    | ${part}`)].join('\n');
}

function stacksOf(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) =>
    name === 'stack' && typeof member === 'string' ? [member] : stacksOf(member),
  );
}

function oneLine(text: string): string {
  return text.replaceAll('\n', '\\n');
}
