import { isPlainObject } from '../../value-kinds';
import { UsageError } from '../usage-error';

/**
 * Reads a JSON object from the command line.
 *
 * @param option - what it was given by, for the message
 * @throws UsageError where it is no JSON, or no object; the message says where, and holds nothing of the text
 */
export function parseJsonObject(option: string, text: string): Record<string, unknown> {
  const expected = `expected a JSON object in quotes of the shell, such as ${option} '{"area":"orders"}'`;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    // V8 quotes the text in its message, which may hold a secret.
    const position = /at position (\d+)/.exec((error as Error).message)?.[1];
    const where = position === undefined ? '' : ` from character ${Number(position) + 1} on`;
    throw new UsageError(`${option} is no JSON${where}; ${expected}`);
  }
  if (isPlainObject(value)) return value;
  throw new UsageError(`${option} is JSON, but no object; ${expected}`);
}
