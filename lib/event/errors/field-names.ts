import { safeRead } from '../safe-read';
import { firstOf, isList, isPlainMapping, ownKeys } from './plain-mapping';

const MAX_NAMES = 20;
const MAX_DEPTH = 4;
const MAX_VISITS = 500;
/** Of a mapping from values, such as addresses, the keys are no names. */
const NAME = /^[\w$-]{1,64}$/;
const OTHER = '*';

/**
 * The names of the fields in a mapping, without their values: `where.id`, `items[].price`; the first 20. Never
 * throws.
 */
export function fieldNames(value: unknown): string[] {
  const names = new Set<string>();
  let visits = 0;
  const visit = (current: unknown, path: string, depth: number): void => {
    if (names.size >= MAX_NAMES || ++visits > MAX_VISITS) return;
    const keys = isPlainMapping(current) && depth < MAX_DEPTH ? ownKeys(current, MAX_NAMES) : [];
    const items = depth < MAX_DEPTH ? firstOf(current, MAX_NAMES) : [];
    for (const key of keys) {
      visit(safeRead(current, key), stepTo(path, key), depth + 1);
    }
    for (const item of items) visit(item, `${path}[]`, depth + 1);
    if (path !== '' && keys.length + items.length === 0) names.add(isList(current) ? `${path}[]` : path);
  };
  visit(value, '', 0);
  return [...names];
}

function stepTo(path: string, key: string): string {
  const name = NAME.test(key) ? key : OTHER;
  return path === '' ? name : `${path}.${name}`;
}

/** Where a field stands, from the steps to it: `body.items[0].price`. */
export function fieldPath(steps: readonly unknown[]): string {
  let path = '';
  for (const step of steps) {
    if (typeof step === 'number' || (typeof step === 'string' && /^\d{1,9}$/.test(step))) path += `[${step}]`;
    else if (typeof step === 'string' && step !== '') path = stepTo(path, step);
  }
  return path;
}

/**
 * Fields with what is wrong with each, as `path (what, what)`. No colon stands between the two: what follows
 * `password:` would be masked.
 */
export function fieldProblems(problems: readonly (readonly [path: string, what: string])[]): string[] {
  const byPath = new Map<string, Set<string>>();
  for (const [path, what] of problems) byPath.set(path, (byPath.get(path) ?? new Set()).add(what));
  return [...byPath].map(([path, what]) => {
    const shown = [...what].filter((one) => one !== '').join(', ');
    return shown === '' ? path : `${path} (${shown})`.trimStart();
  });
}

const MAX_SHOWN = 5;

/** The first of them on one line, for an error's message. */
export function listOfProblems(problems: readonly string[]): string {
  const more = problems.length - MAX_SHOWN;
  return problems.slice(0, MAX_SHOWN).join(', ') + (more > 0 ? ` and ${more} more` : '');
}
