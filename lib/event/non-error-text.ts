import { types } from 'node:util';
import { normalize } from './normalize';
import { className, safeRead, safeString } from './safe-read';

const DETAIL_LIMITS = { maxDepth: 3, maxListLength: 20, maxStringLength: 1024 };

/**
 * A thrown value that is no Error, readable: a string as it is, an object by its message or its content, and what
 * is thrown by mistake by the mistake. Never throws.
 */
export function nonErrorText(thrown: unknown): string {
  if (typeof thrown === 'string') return thrown;
  const message = safeString(thrown, 'message');
  if (message !== undefined && message !== '') return `${message} ${contentOf(thrown)}`;
  return `non-error thrown: ${responseText(thrown) ?? mistakenText(thrown) ?? contentOf(thrown)}`;
}

/** Any value as text of bounded length. */
export function contentOf(value: unknown): string {
  if (value === undefined) return 'undefined';
  const plain = normalize(value, DETAIL_LIMITS);
  return typeof plain === 'string' ? plain : JSON.stringify(plain);
}

/** What `fetch` answered: all of it stands in getters of its class. Its query may hold secrets. */
function responseText(thrown: unknown): string | undefined {
  const status = safeRead(thrown, 'status');
  if (className(thrown) !== 'Response' || typeof status !== 'number') return undefined;
  const url = safeString(thrown, 'url')?.split(/[?#]/, 1)[0];
  return [status, safeString(thrown, 'statusText'), url].filter(Boolean).join(' ');
}

function mistakenText(thrown: unknown): string | undefined {
  if (types.isPromise(thrown)) return '[Promise] (is an await missing?)';
  return isErrorClass(thrown) ? `${contentOf(thrown)} (is a new missing?)` : undefined;
}

function isErrorClass(thrown: unknown): boolean {
  try {
    return typeof thrown === 'function' && thrown.prototype instanceof Error;
  } catch {
    return false;
  }
}
