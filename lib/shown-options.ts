import { normalize } from './event/normalize';
import { MASK } from './processors/mask';
import { maskText } from './processors/mask-text';
import { isPasswordKey } from './processors/password-keys';
import { Scrubber } from './processors/scrubber';
import { maskDsn } from './protocol/mask-dsn';
import type { RavenOptions } from './raven.options';

const LIMITS = { maxDepth: 4, maxListLength: 50, maxStringLength: 400 };

/** Options as a log may show them: without keys of the DSN, passwords of proxies, tokens in headers. */
export function shownOptions({ dsn, ...options }: RavenOptions): Record<string, unknown> {
  const scrubber = new Scrubber({ isSecretKey: isPasswordKey, maskText });
  const others = scrubber.scrub(normalize(options, LIMITS));
  return { ...(dsn !== undefined && { dsn: maskDsn(dsn) }), ...(others === MASK ? {} : (others as object)) };
}
