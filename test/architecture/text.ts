import { isProduct, isWithin, type SourceFile, type Violation } from './graph.js';
import { BANS, type Ban, LINES_OF_FILE_MAX, LINES_OF_FUNCTION_MAX } from './rules.js';
import { closing, lineAt, scan } from './scanner.js';

/** Every place where a ban is broken, with what to do instead. */
export function bans(files: readonly SourceFile[], entries: readonly string[]): Violation[] {
  return files.flatMap((file) => {
    const scanned = scan(file.source);
    return BANS.filter((ban) => holdsFor(ban, file.path, entries)).flatMap((ban) =>
      offences(ban, { ...scanned, source: file.source }).map(({ at, text }) => ({
        path: file.path,
        line: lineAt(file.source, at),
        message: `${text.trim().replaceAll(/\s+/g, ' ')} -> ${ban.instead}`,
      })),
    );
  });
}

function holdsFor(ban: Ban, path: string, entries: readonly string[]): boolean {
  if (!isWithin(path, ban.within) || isWithin(path, ban.except ?? [])) return false;
  return !(ban.notEntries && entries.includes(path));
}

function offences(ban: Ban, views: Record<'code' | 'comments' | 'source', string>): { at: number; text: string }[] {
  const matches = [...views[ban.view ?? 'code'].matchAll(new RegExp(ban.pattern.source, 'g'))];
  return (
    matches
      // In the view of the whole source, what begins inside a text or a comment is no code.
      .filter(({ index }) => ban.view !== 'source' || views.code[index] === views.source[index])
      .map((match) => ({ at: match.index, text: match[0] }))
  );
}

export function longFiles(files: readonly SourceFile[]): Violation[] {
  return files.flatMap(({ path, source }) => {
    const lines = source.trimEnd().split('\n').length;
    if (lines <= LINES_OF_FILE_MAX) return [];
    return [{ path, line: 1, message: `${lines} lines, at most ${LINES_OF_FILE_MAX}: is it really one thing?` }];
  });
}

/** Long functions of the product. What a factory closes over is counted for itself, not for the factory. */
export function longFunctions(files: readonly SourceFile[]): Violation[] {
  return files
    .filter(({ path }) => isProduct(path))
    .flatMap(({ path, source }) => {
      const bodies = functionBodies(scan(source).code);
      return bodies.flatMap((body) => {
        const lines = ownLines(source, body, bodies);
        if (lines <= LINES_OF_FUNCTION_MAX) return [];
        const message = `a function of ${lines} lines, at most ${LINES_OF_FUNCTION_MAX}: give its parts names`;
        return [{ path, line: lineAt(source, body.from), message }];
      });
    });
}

/** From the parameters' bracket to the body's last one. */
interface Body {
  readonly from: number;
  readonly to: number;
}

const NOT_FUNCTIONS = /\b(?:if|for|while|switch|catch|with|await|return|super)\s*$/;

/** Bodies in braces of functions, methods and arrows, found from their parameter lists. */
function functionBodies(code: string): Body[] {
  const bodies: Body[] = [];
  for (let open = code.indexOf('('); open !== -1; open = code.indexOf('(', open + 1)) {
    if (NOT_FUNCTIONS.test(code.slice(Math.max(0, open - 20), open))) continue;
    const close = closing(code, open);
    if (close === -1) continue;
    const brace = bodyBrace(code, close + 1);
    if (brace !== -1) bodies.push({ from: open, to: closing(code, brace) });
  }
  return bodies;
}

/** The brace that opens a body after a parameter list, past a return type; -1 when none follows. */
function bodyBrace(code: string, after: number): number {
  const skip = (at: number): number => at + (/^\s*/.exec(code.slice(at, at + 400))?.[0].length ?? 0);
  let at = skip(after);
  if (code[at] === ':') {
    at = endOfType(code, skip(at + 1));
    if (at === -1) return -1;
  }
  if (code.startsWith('=>', at)) at = skip(at + 2);
  return code[at] === '{' ? at : -1;
}

/** Where a return type ends: at the body's brace or the arrow. -1 when it was no type but a conditional's second half. */
function endOfType(code: string, start: number): number {
  let expectsType = true;
  for (let at = start; at < code.length; at += 1) {
    const character = code[at] ?? '';
    if (/\s/.test(character)) continue;
    if ('{(['.includes(character)) {
      if (character === '{' && !expectsType) return at;
      at = closing(code, at);
      if (at === -1) return -1;
      expectsType = false;
    } else if (character === '<') {
      at = endOfAngles(code, at);
      if (at === -1) return -1;
      expectsType = false;
    } else if (code.startsWith('=>', at)) return at;
    else if (';,)]}='.includes(character)) return -1;
    else expectsType = '|&'.includes(character);
  }
  return -1;
}

function endOfAngles(code: string, open: number): number {
  let depth = 0;
  for (let at = open; at < code.length; at += 1) {
    if (code[at] === '<') depth += 1;
    else if (code[at] === '>' && code[at - 1] !== '=') {
      depth -= 1;
      if (depth === 0) return at;
    } else if (code[at] === ';' && depth < 2) return -1;
  }
  return -1;
}

function ownLines(source: string, body: Body, all: readonly Body[]): number {
  const inner = all.filter(({ from, to }) => from > body.from && to < body.to);
  const outermost = inner.filter((one) => !inner.some(({ from, to }) => from < one.from && to > one.to));
  const spanned = ({ from, to }: Body): number => lineAt(source, to) - lineAt(source, from) + 1;
  // A function on one line takes that line from nobody.
  const theirs = outermost.reduce((sum, one) => sum + Math.max(0, spanned(one) - 1), 0);
  return spanned(body) - theirs;
}
