import type { CallFact, SourceFacts } from './source-facts';

/** A call with the source it stands in. */
export interface PlacedCall extends CallFact {
  /** `src/app.module.ts:12`. */
  place: string;
}

/** `SentryModule` is that of `nestjs-raven/compat/ntegral`. */
const MODULES: ReadonlySet<string> = new Set(['RavenModule', 'SentryModule']);

/** Where sources make a client of this package's: `RavenModule.forRoot` and `forRootAsync`. */
export function ravenCalls(sources: readonly SourceFacts[]): PlacedCall[] {
  return placedCalls(
    sources,
    ({ object, method, module }) =>
      MODULES.has(object ?? '') &&
      (method === 'forRoot' || method === 'forRootAsync') &&
      /^nestjs-raven(?:\/|$)/.test(module ?? ''),
  );
}

/** The calls for which something holds. */
export function placedCalls(
  sources: readonly SourceFacts[],
  isWanted: (call: CallFact) => boolean,
): PlacedCall[] {
  return sources.flatMap(({ path, calls }) =>
    calls.filter(isWanted).map((call) => ({ ...call, place: `${path}:${call.line}` })),
  );
}
