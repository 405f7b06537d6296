/** What `JSON.stringify` writes with a backslash; the group takes part where it is half a surrogate pair. */
const ESCAPE = /\\(?:u(d[89a-f][\da-f]{2})|.)/g;

/**
 * A value as JSON on one line; never throws.
 *
 * Events are plain data by the time they are serialized, so the first attempt is the plain one. Should something
 * slip through, big integers become strings, a value met again inside itself becomes `<...>`, and only what even
 * then cannot be written gives `undefined`. Half a surrogate pair becomes U+FFFD, as it does in UTF-8: servers
 * refuse a whole event for one.
 */
export function jsonLine(value: unknown): string | undefined {
  const json = plainJson(value);
  if (json?.includes('\\ud') !== true) return json;
  return json.replace(ESCAPE, (escape, half?: string) => (half === undefined ? escape : '\ufffd'));
}

function plainJson(value: unknown): string | undefined {
  try {
    return JSON.stringify(value) as string | undefined;
  } catch {
    return forgivingJson(value);
  }
}

function forgivingJson(value: unknown): string | undefined {
  const ancestors: unknown[] = [];
  try {
    return JSON.stringify(value, function (this: unknown, _key: string, member: unknown) {
      if (typeof member === 'bigint') return member.toString();
      if (typeof member !== 'object' || member === null) return member;
      // `this` holds the member: everything above it on the stack is done with.
      while (ancestors.length > 0 && ancestors.at(-1) !== this) ancestors.pop();
      if (ancestors.includes(member)) return '<...>';
      ancestors.push(member);
      return member;
    }) as string | undefined;
  } catch {
    return undefined;
  }
}
