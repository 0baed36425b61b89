import { PROBLEMS } from '../problems.js';
import type { Described } from '../route.js';
import type { Documented } from './documented.js';
import type { Explained } from './page.js';

export const START = '/docs';
export const OBJECTS = '/docs/api/objects';
export const EVENTS = '/docs/events';

export const hrefOfTag = (tag: string): string => `/docs/api/${tag.toLowerCase().replaceAll(' ', '-')}`;
export const hrefOfCall = ({ tag, operationId }: Described): string => `${hrefOfTag(tag)}#${operationId}`;
/** Problem documents name this address as their `type`: it can never change. */
export const hrefOfError = (code: string): string => `${START}#${code}`;
export const hrefOfEvent = (type: string): string => `${EVENTS}#${type}`;
export const hrefOfObject = (name: string): string => `${OBJECTS}#${name}`;

/** Where names that stand in code are explained: calls as `GET /v1/…`, error codes, event types, and pages of this house. */
export function explainedIn({ routes, eventTypes, pages }: Documented): Explained {
  const known = new Map<string, string>([
    ...routes.map((route) => [`${route.method} ${route.path}`, hrefOfCall(route)] as const),
    ...Object.keys(PROBLEMS).map((code) => [code, hrefOfError(code)] as const),
    ...Object.keys(eventTypes).map((type) => [type, hrefOfEvent(type)] as const),
    ...['/openapi.json', ...pages].map((path) => [path, path] as const),
  ]);
  return (name) => known.get(name) ?? null;
}
