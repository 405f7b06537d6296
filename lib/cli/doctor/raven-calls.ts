import type { CallFact, SourceFacts } from './source-facts';

/** A call with the source it stands in. */
export interface PlacedCall extends CallFact {
  /** `src/app.module.ts:12`. */
  place: string;
}

/** Where sources make a client of this package's: `RavenModule.forRoot` and `forRootAsync`. */
export function ravenCalls(sources: readonly SourceFacts[]): PlacedCall[] {
  return placedCalls(
    sources,
    ({ object, method, module }) =>
      object === 'RavenModule' &&
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
