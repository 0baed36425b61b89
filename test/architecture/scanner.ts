/**
 * Reads TypeScript just well enough for the rules: tells code, comments and text apart. Both views have the length and the
 * line breaks of the source, so that an offset found in one is right in the other.
 */
export interface Scanned {
  /** The source with comments and the contents of strings, templates and regular expressions blanked. */
  readonly code: string;
  /** The comments alone. */
  readonly comments: string;
}

/** After one of these words or characters a slash begins a regular expression; after anything else it divides. */
const BEFORE_REGEX =
  /(?:^|[=(,:;!&|?{}[\]+\-*%^~<>]|=>|\b(?:return|typeof|case|in|of|do|else|void|delete|throw|await))$/;

const LOOK_BACK = 200;

export function scan(source: string): Scanned {
  const code = blank(source);
  const comments = blank(source);
  // What encloses us: `}` ends a template's hole only at the depth where the hole began.
  const holes: number[] = [];
  let depth = 0;
  let at = 0;

  function keep(view: string[], from: number, to: number): void {
    for (let index = from; index < to; index += 1) view[index] = source[index] ?? '';
  }
  /** From inside a template to its end or to the next hole. */
  function template(from: number): number {
    let index = from;
    while (index < source.length) {
      if (source[index] === '\\') index += 2;
      else if (source[index] === '`') return index + 1;
      else if (source.startsWith('${', index)) {
        holes.push(depth);
        depth += 1;
        return index + 2;
      } else index += 1;
    }
    return index;
  }
  /** Takes one comment, text or character; answers where the next one begins. */
  function take(): number {
    const two = source.slice(at, at + 2);
    const one = source[at] ?? '';
    if (two === '//' || two === '/*') {
      const found = two === '//' ? source.indexOf('\n', at) : source.indexOf('*/', at + 2) + 2;
      const end = found < at + 2 ? source.length : found;
      keep(comments, at, end);
      return end;
    }
    if (one === "'" || one === '"') return edges(at, endOfQuoted(source, at, one));
    if (one === '`') return edges(at, template(at + 1));
    if (
      one === '/' &&
      BEFORE_REGEX.test(
        code
          .slice(Math.max(0, at - LOOK_BACK), at)
          .join('')
          .trimEnd(),
      )
    ) {
      return edges(at, endOfRegex(source, at));
    }
    if (one === '{') depth += 1;
    if (one === '}') {
      depth -= 1;
      if (holes.at(-1) === depth) {
        holes.pop();
        return edges(at, template(at + 1));
      }
    }
    keep(code, at, at + 1);
    return at + 1;
  }
  function edges(from: number, to: number): number {
    keep(code, from, from + 1);
    if (to - 1 > from) keep(code, to - 1, to);
    return to;
  }
  while (at < source.length) at = take();
  return { code: code.join(''), comments: comments.join('') };
}

function blank(source: string): string[] {
  return Array.from({ length: source.length }, (_, index) => (source[index] === '\n' ? '\n' : ' '));
}

function endOfQuoted(source: string, from: number, quote: string): number {
  let index = from + 1;
  while (index < source.length && source[index] !== quote && source[index] !== '\n') {
    index += source[index] === '\\' ? 2 : 1;
  }
  return Math.min(index + 1, source.length);
}

function endOfRegex(source: string, from: number): number {
  let inClass = false;
  for (let index = from + 1; index < source.length; index += 1) {
    const character = source[index];
    if (character === '\n') return index;
    if (character === '\\') index += 1;
    else if (character === '[') inClass = true;
    else if (character === ']') inClass = false;
    else if (character === '/' && !inClass) {
      const flags = /^[a-z]*/.exec(source.slice(index + 1))?.[0] ?? '';
      return index + 1 + flags.length;
    }
  }
  return source.length;
}

/** The line, counted from 1, that the offset `at` lies on. */
export function lineAt(source: string, at: number): number {
  let line = 1;
  for (let index = source.indexOf('\n'); index !== -1 && index < at; index = source.indexOf('\n', index + 1)) line += 1;
  return line;
}

/** The offset of the bracket that closes the one at `open`, or -1. `code` must be blanked of text. */
export function closing(code: string, open: number): number {
  const pairs: Readonly<Record<string, string>> = { '(': ')', '{': '}', '[': ']' };
  const opener = code[open] ?? '';
  const closer = pairs[opener];
  let depth = 0;
  for (let index = open; index < code.length; index += 1) {
    if (code[index] === opener) depth += 1;
    else if (code[index] === closer) {
      depth -= 1;
      if (depth === 0) return index;
    }
  }
  return -1;
}
