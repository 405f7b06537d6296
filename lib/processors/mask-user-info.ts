import { MASK } from './mask';

/** How far a password is looked for that holds signs no URL may: `postgres://user:pass/word@host`. */
const MAX_STRAY = 64;

/** What is longer, and has no `@`, was cut before it. */
const LONGEST_HOST = 128;

/** No text tells so many: the rest of one that does is masked whole. */
const MAX_SECRETS = 20_000;

/** Masks what stands before the `@` of a URL: the credentials of `https://user:password@host`, the key of a DSN. */
export function maskUserInfo(text: string): string {
  const kept: string[] = [];
  let copied = 0;
  for (let mark = text.indexOf('://'); mark !== -1; mark = text.indexOf('://', Math.max(mark + 3, copied))) {
    const start = mark + 3;
    const end = userInfoEnd(text, start);
    if (end === -1) continue;
    kept.push(text.slice(copied, start));
    copied = end;
    if (kept.length > MAX_SECRETS) return kept.join(MASK) + MASK;
  }
  kept.push(text.slice(copied));
  return kept.length === 1 ? text : kept.join(MASK);
}

/** Where the `@` is that ends the credentials; -1 where there are none. */
function userInfoEnd(text: string, start: number): number {
  const end = authorityEnd(text, start);
  const at = lastAt(text, start, end);
  if (at !== -1 || !hasNoPort(text, start, end)) return at;
  // The `@` was cut off.
  if (end === text.length && end - start > LONGEST_HOST) return end;
  const stray = strayAt(text, end);
  return stray === -1 ? -1 : lastAt(text, stray, authorityEnd(text, stray));
}

function authorityEnd(text: string, start: number): number {
  let end = start;
  while (end < text.length && !endsAuthority(text.charCodeAt(end))) end += 1;
  return end;
}

function lastAt(text: string, start: number, end: number): number {
  const at = text.slice(start, end).lastIndexOf('@');
  return at === -1 ? -1 : start + at;
}

/** `/`, `?`, `#`, or the end of the whole URL. */
function endsAuthority(code: number): boolean {
  return code === 0x2f || code === 0x3f || code === 0x23 || endsUrl(code);
}

/** White space, quotation marks, angle brackets. */
function endsUrl(code: number): boolean {
  const isSpace = code === 0x20 || (code >= 0x09 && code <= 0x0d);
  return isSpace || code === 0x22 || code === 0x27 || code === 0x3c || code === 0x3e;
}

/** `user:secret` or `:secret`: what stands before the colon is no host, or what follows it no port. */
function hasNoPort(text: string, start: number, end: number): boolean {
  const colon = text.indexOf(':', start);
  if (colon === -1 || colon >= end || text[start] === '[') return false;
  return colon === start || /\D/.test(text.slice(colon + 1, end));
}

/** The first `@` after what seemed to be a host; -1 where none is near. */
function strayAt(text: string, start: number): number {
  const end = Math.min(text.length, start + MAX_STRAY);
  for (let position = start; position < end; position++) {
    const code = text.charCodeAt(position);
    if (code === 0x40) return position;
    if (endsUrl(code)) return -1;
  }
  return -1;
}
