import { className } from './event/safe-read';
import { maskDsn } from './protocol/mask-dsn';
import { isClassSyntax, isPlainObject, isText } from './value-kinds';

/** A value for a message: short, on one line, and nothing that could be a secret. */
export function describeValue(value: unknown): string {
  if (value === null || value === undefined || typeof value === 'boolean' || typeof value === 'number') {
    return String(value);
  }
  if (isText(value)) {
    return value === '' ? 'empty' : `"${withoutSecrets(value).slice(0, 60).replaceAll(/\s+/g, ' ')}"`;
  }
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return isPlainObject(value) ? 'an object' : `a ${className(value)} object`;
  if (isClassSyntax(value)) return `the class ${(value as { name: string }).name || 'without a name'}`;
  return `a ${typeof value}`;
}

/** A URL, or what is left of one, may hold a secret anywhere; in other texts a colon is no more than that. */
function withoutSecrets(text: string): string {
  return /@|%40|:\/\//.test(text) ? maskDsn(text) : text.split(':').map(maskDsn).join(':');
}
