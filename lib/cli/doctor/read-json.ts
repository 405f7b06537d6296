import { readSmallFile } from '../../event/read-small-file';
import { isPlainObject } from '../../value-kinds';

/** The object that a JSON file holds; undefined where there is none. Never throws. */
export function readJson(path: string): Record<string, unknown> | undefined {
  const text = readSmallFile(path);
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isPlainObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
