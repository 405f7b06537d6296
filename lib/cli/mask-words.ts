import { DSN_FORM } from '../protocol/dsn';
import { maskDsn } from '../protocol/mask-dsn';

/** An `@` with something before it: the name of a package begins with one. A token of Sentry's begins with `sntry`. */
const URL_OR_KEY = /[^'"(]@|%40|:\/\/|[\da-f]{16}|sntry[a-z]_/i;
/** An option with its value, `--name=value` or `-nvalue`, as commander quotes it. */
const QUOTED_OPTION = /('(?:--[^'=]*=|-[^'-]))[^']+(?=')/g;

/** A text for people without what could be a secret: credentials and queries of URLs, keys, values of unknown options. */
export function maskWords(text: string): string {
  return text
    .replace(QUOTED_OPTION, '$1***')
    .replace(/\S+/g, (word) => (word !== DSN_FORM && URL_OR_KEY.test(word) ? maskDsn(word) : word));
}
