/** V8 keeps ten frames; the client's own stand above those of the call it is about. */
const DEPTH = 60;

/** Runs `fn` with deep stacks for the errors it makes. */
export function withDeepStacks<T>(fn: () => T): T {
  const usual = Error.stackTraceLimit;
  const isFree = Reflect.set(Error, 'stackTraceLimit', DEPTH);
  try {
    return fn();
  } finally {
    if (isFree) Error.stackTraceLimit = usual;
  }
}
