/** The files of Nest that call hooks, wherever it is installed; the same in NestJS 10 to 12. */
const HOOK_CALLERS = /[\\/]@nestjs[\\/]core[\\/]hooks[\\/]/;

/**
 * Whether Nest itself calls a hook, and not the app, whose own call is one like any other. Only the stack
 * tells: Nest calls whatever function it finds on the object. Hooks are rare, so reading it costs nothing.
 *
 * @param inner - the function that the hook's stand-in calls, and that asks
 * @returns undefined where the stack cannot tell: Nest, the app and this package are one file of a bundler
 */
export function isCalledByNest(inner: (...args: never[]) => unknown): boolean | undefined {
  const [standIn, caller] = filesAbove(inner);
  if (caller !== undefined && HOOK_CALLERS.test(caller)) return true;
  return standIn === undefined || caller === standIn ? undefined : false;
}

/** The files of the two calls that led to a function, whatever the app makes of stacks. */
function filesAbove(fn: (...args: never[]) => unknown): (string | undefined)[] {
  const { stackTraceLimit } = Error;
  const prepare = Object.getOwnPropertyDescriptor(Error, 'prepareStackTrace');
  const holder: { stack?: unknown } = {};
  try {
    Error.stackTraceLimit = 2;
    Error.prepareStackTrace = (_, sites) => sites.map((site) => site.getFileName() ?? '');
    Error.captureStackTrace(holder, fn);
    return Array.isArray(holder.stack) ? (holder.stack as string[]) : [];
  } catch {
    // Somebody has frozen `Error`.
    return [];
  } finally {
    if (Error.stackTraceLimit !== stackTraceLimit) Error.stackTraceLimit = stackTraceLimit;
    if (prepare) Reflect.defineProperty(Error, 'prepareStackTrace', prepare);
    else Reflect.deleteProperty(Error, 'prepareStackTrace');
  }
}
