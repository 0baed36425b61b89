import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A file that is served as it is; its version is made of its content, so an address that has it may be kept for ever. */
export interface Served {
  readonly body: Buffer;
  readonly type: string;
  readonly version: string;
}

export interface Picture extends Served {
  readonly width: number;
  readonly height: number;
}

/** What the site is made of beside the schemas. What is not there is null: a page says less then, and a test complains. */
export interface DocFiles {
  /** Markdown of `docs/guides/`. */
  guide(name: string): string | null;
  /** A program of `docs/examples/`, by its path in there. */
  example(path: string): string | null;
  /** A picture of `docs/images/`. */
  picture(name: string): Picture | null;
  readonly style: Served;
  readonly script: Served;
}

/**
 * The compiled program lies in dist/, the documentation does not: it is read from the root of the package, which is the
 * folder with package.json, from the sources as well as from dist/.
 */
export function docFiles(): DocFiles {
  const docs = join(packageRoot(), 'docs');
  const pictures = new Map<string, Picture | null>();
  /** Only what a listing names: a name from an address never becomes a path. */
  const named = (folder: string, name: string): Buffer | null =>
    filesIn(join(docs, folder)).includes(name) ? readFileSync(join(docs, folder, name)) : null;

  return {
    guide: (name) => named('guides', `${name}.md`)?.toString('utf8') ?? null,
    example: (path) => named('examples', path)?.toString('utf8') ?? null,
    picture(name) {
      const known = pictures.get(name);
      if (known !== undefined) return known;
      const body = name.endsWith('.png') ? named('images', name) : null;
      const picture = body === null ? null : { ...served(body, 'image/png'), ...sizeOf(body) };
      // Names that lead nowhere are anybody's to invent.
      if (picture !== null) pictures.set(name, picture);
      return picture;
    },
    style: asset('docs.css', 'text/css; charset=utf-8'),
    script: asset('docs.js', 'text/javascript; charset=utf-8'),
  };
}

function filesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: 'utf8' }) : [];
}

function asset(name: string, type: string): Served {
  return served(readFileSync(new URL(`./assets/${name}`, import.meta.url)), type);
}

export function served(body: Buffer, type: string): Served {
  return { body, type, version: createHash('sha256').update(body).digest('hex').slice(0, 16) };
}

/** Width and height of a PNG stand at fixed places of its first chunk. */
function sizeOf(png: Buffer): { width: number; height: number } {
  return { width: png.readUInt32BE(16), height: png.readUInt32BE(20) };
}

function packageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json')) && folder !== dirname(folder)) folder = dirname(folder);
  return folder;
}
