import { inspect } from 'node:util';

const MAX_LENGTH = 300;

/** A value for the message of a failed test: on one line, and no longer than one reads; of a class its name. */
export function shown(value: unknown): string {
  const text =
    typeof value === 'function' && value.name !== ''
      ? value.name
      : inspect(value, { depth: 4, breakLength: Infinity, compact: true });
  return text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH)}…` : text;
}
