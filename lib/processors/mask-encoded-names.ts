import { startOfEncodedName } from './characters';
import { decodePercent } from './decode-percent';
import { MASK } from './mask';
import { valueAt } from './mask-assignments';
import { isPasswordKey } from './password-keys';

/** No text tells so many: the rest of one that does is masked whole. */
const MAX_SECRETS = 20_000;

/** An escape that hides what needs none: a letter, a digit, `_`, `-`, `.`. */
const ESCAPE = /%(?:2[de]|3\d|[46][1-9a-f]|[57][\da]|5f)/i;

/** Masks the value of a name that is percent-encoded: `GET /login?%70assword=hunter2 failed`. */
export function maskEncodedNames(text: string): string {
  if (!text.includes('%') || !ESCAPE.test(text)) return text;
  const kept: string[] = [];
  let copied = 0;
  for (
    let equals = text.indexOf('=');
    equals !== -1;
    equals = text.indexOf('=', Math.max(equals + 1, copied))
  ) {
    const start = startOfEncodedName(text, equals);
    if (start === -1 || !isEncodedSecret(text.slice(start, equals))) continue;
    const value = valueAt(text, equals + 1);
    if (!value) continue;
    kept.push(text.slice(copied, value.start));
    copied = value.end;
    if (kept.length > MAX_SECRETS) return kept.join(MASK) + MASK;
  }
  kept.push(text.slice(copied));
  return kept.length === 1 ? text : kept.join(MASK);
}

function isEncodedSecret(name: string): boolean {
  return ESCAPE.test(name) && isPasswordKey(decodePercent(name));
}
