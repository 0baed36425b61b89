import { parseXml, XmlCdata, XmlElement, XmlError, XmlText } from '@rgrove/parse-xml';
import { type ElementRule, type Grammar, MESSAGING, VOICE } from './grammar.js';

/** An element of a TwiML document. */
export interface Verb {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** Elements and text in their order; white space between elements is left out. */
  readonly children: readonly (Verb | string)[];
}

export type Document =
  | { readonly verbs: readonly Verb[]; readonly problems: readonly string[] }
  /** No XML, or none whose root is a `Response`. */
  | { readonly unreadable: string };

/** The document of a call. Twilio goes on where something is wrong (12200); so does this, and says everything that is. */
export function readVoice(text: string): Document {
  return read(text, VOICE);
}

/** The answer to a text. */
export function readMessaging(text: string): Document {
  return read(text, MESSAGING);
}

function read(text: string, grammar: Grammar): Document {
  let root: XmlElement | null;
  try {
    root = parseXml(text).root;
  } catch (error) {
    if (error instanceof XmlError) return { unreadable: error.message.split('\n')[0] ?? 'not XML' };
    throw error;
  }
  const rule = grammar['Response'];
  if (root === null || root.name !== 'Response' || rule === undefined) {
    return { unreadable: `the root is ${root?.name ?? 'missing'}, not Response` };
  }
  const problems: string[] = [];
  const { children } = elementOf(root, rule, grammar, problems);
  return { verbs: children.filter((child) => typeof child !== 'string'), problems };
}

/** The element with everything that is allowed in it; what is not is left out and told. */
function elementOf(element: XmlElement, rule: ElementRule, grammar: Grammar, problems: string[]): Verb {
  const { name } = element;
  const attributes = attributesOf(element, rule, problems);
  const children: (Verb | string)[] = [];
  for (const child of element.children) {
    if (child instanceof XmlText || child instanceof XmlCdata) {
      if (rule.text !== 'none') children.push(child.text);
      else if (child.text.trim() !== '') problems.push(`text in ${name}, where none may be`);
    } else if (child instanceof XmlElement) {
      const inner = grammar[child.name];
      if (inner === undefined || !rule.inside.includes(child.name)) {
        problems.push(`${child.name} in ${name}: ${expected(rule.inside)}`);
      } else children.push(elementOf(child, inner, grammar, problems));
    }
  }
  const verb = { name, attributes, children };
  if (rule.text === 'must' && textOf(verb).trim() === '') problems.push(`${name} is empty`);
  return verb;
}

function expected(names: readonly string[]): string {
  return names.length === 0 ? 'nothing is expected' : `one of ${names.join(', ')} is expected`;
}

function attributesOf({ name, attributes }: XmlElement, rule: ElementRule, problems: string[]): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [attribute, value] of Object.entries(attributes)) {
    const known = Object.hasOwn(rule.attributes, attribute) ? rule.attributes[attribute] : undefined;
    if (known === undefined) problems.push(`${name} has no attribute ${attribute}`);
    else if (!known.isRight(value)) problems.push(`${attribute}="${value}" of ${name}: ${known.expected} is expected`);
    else kept[attribute] = value;
  }
  for (const [attribute, { isRequired }] of Object.entries(rule.attributes)) {
    if (isRequired && !Object.hasOwn(attributes, attribute)) problems.push(`${name} needs ${attribute}`);
  }
  return kept;
}

/** The text of an element and everything in it. */
export function textOf({ children }: Verb): string {
  return children.map((child) => (typeof child === 'string' ? child : textOf(child))).join('');
}

/** The elements of this name right inside an element. */
export function childrenOf({ children }: Verb, ...names: readonly string[]): Verb[] {
  return children.filter((child) => typeof child !== 'string').filter(({ name }) => names.includes(name));
}

export function numberIn({ attributes }: Verb, name: string, instead: number): number {
  const given = attributes[name];
  return given === undefined ? instead : Number(given);
}
