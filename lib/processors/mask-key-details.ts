import { MASK } from './mask';
import { isPasswordKey } from './password-keys';

const BETWEEN = ')=(';
const LONGEST_NAMES = 256;

/** Masks the values in what PostgreSQL tells of a key, where one of its columns is a secret: `Key (user_id, token)=(1, abc) already exists.` */
export function maskKeyDetails(text: string): string {
  const kept: string[] = [];
  let copied = 0;
  for (let mark = text.indexOf(BETWEEN); mark !== -1; mark = text.indexOf(BETWEEN, mark + BETWEEN.length)) {
    const start = mark + BETWEEN.length;
    if (mark < copied || text.startsWith(MASK, start) || !namesSecret(text, mark)) continue;
    const end = endOfValues(text, start);
    kept.push(text.slice(copied, start));
    copied = end;
  }
  kept.push(text.slice(copied));
  return kept.length === 1 ? text : kept.join(MASK);
}

function namesSecret(text: string, end: number): boolean {
  const before = text.slice(Math.max(0, end - LONGEST_NAMES), end);
  // Of an expression, `lower(token::text)`, the last part will do.
  const names = before.slice(before.lastIndexOf('(') + 1);
  return names.split(/[,:]/).some((name) => isPasswordKey(name.trim()));
}

/** A bracket in a value is followed by more of it. */
function endOfValues(text: string, start: number): number {
  const end = /\)(?=\s|\.?$)/g;
  end.lastIndex = start;
  return end.exec(text)?.index ?? text.length;
}
