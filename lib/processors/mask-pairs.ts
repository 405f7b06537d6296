import { MASK } from './mask';

/** Whether a key's value must not leave the process. */
export type IsSecretKey = (key: string) => boolean;

/**
 * Masks the values of secret names in text of pairs: a query string, a form (`&`), cookies (`;`).
 * A value goes up to the next separator, so one that holds `=` is masked whole; a name without a value stays.
 */
export function maskPairs(text: string, separator: '&' | ';', isSecretKey: IsSecretKey): string {
  if (!text.includes('=')) return text;
  return text
    .split(separator)
    .map((pair) => {
      const equals = pair.indexOf('=');
      if (equals === -1 || equals === pair.length - 1) return pair;
      return isSecretKey(decoded(pair.slice(0, equals).trim())) ? `${pair.slice(0, equals)}=${MASK}` : pair;
    })
    .join(separator);
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name.replaceAll('+', ' '));
  } catch {
    return name;
  }
}
