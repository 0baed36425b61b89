import { isUtf8 } from 'node:buffer';
import { Problem } from '../contracts/errors.js';

/** Deeper than any body we take; counted before anything looks inside. */
const DEPTH_MAX = 12;

/** Names by which an object could change what every object is. */
const FORBIDDEN_KEYS = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * Reads a JSON body that two parsers cannot understand differently: valid UTF-8, no member twice, nothing too deep.
 * @throws Problem 400 `json_invalid`, `json_duplicate_member`, `json_forbidden_member`, `json_too_deep`
 */
export function parseStrictJson(bytes: Buffer): unknown {
  if (!isUtf8(bytes)) throw new Problem(400, 'json_invalid', 'The body is not valid UTF-8.');
  const text = bytes.toString('utf8');
  const value = parse(text);
  inspect(text);
  return value;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // What the parser says quotes the body: not repeated to whoever reads the answer.
    throw new Problem(400, 'json_invalid', 'The body is not valid JSON.');
  }
}

/** Walks the text, known to be valid, once: depth and the names of members. */
function inspect(text: string): void {
  const open: (Set<string> | null)[] = [];
  for (let at = 0; at < text.length; at += 1) {
    switch (text.charCodeAt(at)) {
      case OPEN_BRACE:
      case OPEN_BRACKET:
        if (open.length === DEPTH_MAX) throw new Problem(400, 'json_too_deep', `At most ${DEPTH_MAX} levels deep.`);
        open.push(text.charCodeAt(at) === OPEN_BRACE ? new Set() : null);
        break;
      case CLOSE_BRACE:
      case CLOSE_BRACKET:
        open.pop();
        break;
      case QUOTE: {
        const end = endOfText(text, at);
        const names = open.at(-1);
        if (names && isName(text, end)) take(names, text.slice(at, end + 1));
        at = end;
      }
    }
  }
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const SPACE = 0x20;

function endOfText(text: string, start: number): number {
  let at = start + 1;
  while (text.charCodeAt(at) !== QUOTE) at += text.charCodeAt(at) === BACKSLASH ? 2 : 1;
  return at;
}

/** A text with a colon behind it names a member. White space in JSON is never above U+0020. */
function isName(text: string, end: number): boolean {
  let at = end + 1;
  while (text.charCodeAt(at) <= SPACE) at += 1;
  return text.charCodeAt(at) === COLON;
}

function take(names: Set<string>, quoted: string): void {
  const name = quoted.includes('\\') ? String(JSON.parse(quoted)) : quoted.slice(1, -1);
  const shown = name.slice(0, 64);
  if (FORBIDDEN_KEYS.has(name)) throw new Problem(400, 'json_forbidden_member', `No member may be called ${shown}.`);
  if (names.has(name)) throw new Problem(400, 'json_duplicate_member', `The member ${shown} stands there twice.`);
  names.add(name);
}
