import { safeRead, safeString } from './safe-read';

/** An error that is not reported: its class (subclasses too), its class name, its qualified name, or a qualified prefix ending in `*`. */
export type IgnoredException = string | (abstract new (...args: never[]) => unknown);

/**
 * Whether an exception is one of those that are not reported: by class (subclasses too), class name,
 * qualified name `module.Name`, or a qualified prefix ending in `*`. A prefix is matched against the
 * qualified name only. Source: raven-python's `ignore_exceptions`.
 *
 * JavaScript's classes know no module. An error's is its own or its class's property `module` where that is
 * text, `builtins` for the language's own, and `__main__` for all others, as in a Python script.
 */
export function isIgnored(exception: unknown, entries: readonly IgnoredException[]): boolean {
  if (entries.length === 0) return false;
  let names: string[] | undefined;
  return entries.some((entry) => {
    if (typeof entry !== 'string') return isInstance(exception, entry);
    names ??= namesOf(exception);
    return names.some((name) => {
      const qualified = `${moduleOf(exception, name)}.${name}`;
      if (entry.endsWith('*')) return qualified.startsWith(entry.slice(0, -1));
      return entry === name || entry === qualified;
    });
  });
}

function isInstance(exception: unknown, type: unknown): boolean {
  try {
    return exception instanceof (type as new () => unknown);
  } catch {
    return false;
  }
}

/** The name of an error's class, and the name it goes by where that is another. */
function namesOf(exception: unknown): string[] {
  const names: string[] = [];
  const ownName = safeString(exception, 'name');
  const ofClass = safeString(safeRead(exception, 'constructor'), 'name');
  if (ofClass !== undefined && ofClass !== '') names.push(ofClass);
  if (ownName !== undefined && !names.includes(ownName)) names.push(ownName);
  return names;
}

function moduleOf(exception: unknown, name: string): string {
  const own = safeString(exception, 'module') ?? safeString(safeRead(exception, 'constructor'), 'module');
  if (own !== undefined) return own;
  const global = safeRead(globalThis, name);
  return global !== undefined && global === safeRead(exception, 'constructor') ? 'builtins' : '__main__';
}
