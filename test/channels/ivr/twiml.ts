/** Reads TwiML as the provider does, strictly: well-formed, and nothing but elements and attributes that its own library types. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly (Element | string)[];
}

const TOKEN = /<\?xml[^>]*\?>|<\/([\w-]+)>|<([\w-]+)((?:\s+[\w-]+="[^"<]*")*)\s*(\/?)>|([^<]+)/y;

/** @throws Error for anything that is not well-formed */
export function parseTwiml(document: string): Element {
  const root: { name: string; attributes: Record<string, string>; children: (Element | string)[] } = {
    name: '',
    attributes: {},
    children: [],
  };
  const open = [root];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < document.length) {
    const at = TOKEN.lastIndex;
    const match = TOKEN.exec(document);
    if (match === null) throw new Error(`not well-formed at ${document.slice(at, at + 60)}`);
    const [, closed, name, attributes = '', isEmpty, text] = match;
    const inside = open.at(-1);
    if (closed !== undefined) {
      if (open.pop()?.name !== closed) throw new Error(`</${closed}> closes nothing`);
    } else if (name !== undefined) {
      const element = { name, attributes: attributesIn(attributes), children: [] as (Element | string)[] };
      inside?.children.push(element);
      if (isEmpty === '') open.push(element);
    } else if (text !== undefined && inside !== root) inside?.children.push(unescaped(text));
  }
  const [only, ...others] = root.children;
  if (open.length !== 1 || only === undefined || typeof only === 'string' || others.length > 0) {
    throw new Error(`not one document: ${document}`);
  }
  return only;
}

function attributesIn(text: string): Record<string, string> {
  return Object.fromEntries(
    [...text.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, name = '', value = '']) => [name, unescaped(value)]),
  );
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function unescaped(text: string): string {
  return text.replace(/&(#?\w+);/g, (_, name: string) => {
    const known = ENTITIES[name];
    if (known !== undefined) return known;
    if (!/^#(?:x[0-9a-f]+|\d+)$/i.test(name)) throw new Error(`&${name}; is no entity of XML`);
    return String.fromCodePoint(Number(name.replace(/^#x/i, '0x').replace('#', '')));
  });
}

export const elementsOf = ({ children }: Element): Element[] =>
  children.filter((child): child is Element => typeof child !== 'string');

export function find(element: Element, name: string): Element | undefined {
  if (element.name === name) return element;
  for (const child of elementsOf(element)) {
    const found = find(child, name);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A document without the addresses in it, whose port and ids may be any digits. */
export const withoutAddresses = (document: string): string => document.replace(/https?:\/\/[^"<\s]+/g, '');

/** Everything spoken in an element, digits as they are spelled. */
export function spokenIn(element: Element): string {
  if (element.name === 'Say') return textIn(element).replace(/\s+/g, ' ').trim();
  return elementsOf(element).map(spokenIn).filter(Boolean).join(' ');
}

/** A voice says about thirteen characters a second; of what is spelled, with its pauses, about two. */
const CHARACTERS_PER_SECOND = 13;
const SECONDS_PER_SPELLED = 0.54;

/** How long it takes to say all of an element. */
export function secondsOf({ name, attributes, children }: Element): number {
  if (name === 'Pause') return Number(attributes['length'] ?? 1);
  if (name === 'break') return Number.parseFloat(attributes['time'] ?? '0') / 1_000;
  const perCharacter = name === 'say-as' ? SECONDS_PER_SPELLED : 1 / CHARACTERS_PER_SECOND;
  return children.reduce(
    (total, child) => total + (typeof child === 'string' ? child.length * perCharacter : secondsOf(child)),
    0,
  );
}

/** All elements of a name, wherever they stand. */
export function allOf(element: Element, name: string): Element[] {
  const inside = elementsOf(element).flatMap((child) => allOf(child, name));
  return element.name === name ? [element, ...inside] : inside;
}

/** A pause is heard as a space. */
function textIn(element: Element): string {
  if (element.name === 'break') return ' ';
  return element.children.map((child) => (typeof child === 'string' ? child : textIn(child))).join('');
}

/** Which elements may stand in which, and the library's own types of their attributes. */
interface Medium {
  readonly types: string;
  readonly inside: Readonly<Record<string, readonly string[]>>;
}

const typesOf = (file: string): string =>
  readFileSync(createRequire(import.meta.url).resolve(`twilio/lib/twiml/${file}.d.ts`), 'utf8');

const VOICE: Medium = {
  types: typesOf('VoiceResponse'),
  inside: {
    Response: ['Say', 'Gather', 'Pay', 'Redirect', 'Pause', 'Dial', 'Hangup'],
    Gather: ['Say', 'Pause', 'Play'],
    Pay: ['Prompt', 'Parameter'],
    Prompt: ['Say', 'Play', 'Pause'],
    Say: ['say-as', 'break'],
  },
};

export const MESSAGING: Medium = {
  types: typesOf('MessagingResponse'),
  inside: { Response: ['Message', 'Redirect'], Message: ['Body', 'Media'] },
};

/** Attribute names of each element with the type that the library gives them. */
function typedAttributes(element: string, types: string): Map<string, string> {
  const name = { 'say-as': 'SsmlSayAs', break: 'SsmlBreak' }[element] ?? element;
  const body = new RegExp(`interface ${name}Attributes \\{([\\s\\S]*?)\\n    \\}`).exec(types)?.[1];
  if (body === undefined) return new Map();
  return new Map(
    [...body.matchAll(/^\s+"?([\w-]+)"?\??: ([^;]+);/gm)].map(([, attribute = '', type = '']) => [attribute, type]),
  );
}

function valuesOf(type: string, types: string): readonly string[] | null {
  const name = type.replace('[]', '').trim();
  const union = new RegExp(`type ${name.replace(/^\w+Response\./, '')} = ([^;]+);`).exec(types)?.[1];
  return union === undefined ? null : [...union.matchAll(/"([^"]+)"/g)].map(([, value = '']) => value);
}

/** Everything about a document that the provider's own types do not allow; empty for a good one. */
export function problemsOf(element: Element, medium: Medium = VOICE): string[] {
  const typed = typedAttributes(element.name, medium.types);
  const problems = Object.entries(element.attributes).flatMap(([name, value]) => {
    const type = typed.get(name);
    if (type === undefined) return [`${element.name} has no ${name}`];
    if (type === 'number' && !/^\d+$/.test(value)) return [`${element.name} ${name}: ${value} is no number`];
    if (type === 'boolean' && !/^(?:true|false)$/.test(value)) return [`${element.name} ${name}: ${value}`];
    const values = valuesOf(type, medium.types);
    const given = type.endsWith('[]') ? value.split(' ') : [value];
    const wrong = values === null ? [] : given.filter((one) => !values.includes(one));
    return wrong.map((one) => `${element.name} ${name}: ${one} is none of the types`);
  });
  const children = elementsOf(element);
  const misplaced = children
    .filter(({ name }) => medium.inside[element.name]?.includes(name) !== true)
    .map(({ name }) => `${name} inside ${element.name}`);
  return [...problems, ...misplaced, ...children.flatMap((child) => problemsOf(child, medium))];
}
