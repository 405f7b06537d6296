import type { Context, ContextOwner } from '../../context/context';
import { currentScope, runInScope, type Scope, type WorkScope } from '../../context/scope';
import { overlayMethod } from '../overlay-method';

/** The time in which an emitter or a bus calls its listeners; everything else is as it is around it. */
export class Emission implements Scope {
  readonly isQuiet: boolean | undefined;

  /** @param event - what is emitted: its name, or the event itself */
  constructor(
    readonly outer: Scope | undefined,
    readonly event: unknown,
  ) {
    this.isQuiet = outer?.isQuiet;
  }

  get work(): WorkScope | undefined {
    return this.outer?.work;
  }

  contextOf(client: ContextOwner): Context {
    return this.outer?.contextOf(client) ?? client.rootContext;
  }
}

/**
 * Lets the listeners of one emitter know that it is the emitter that calls them, and nobody else. Emitters
 * have no public seam for that, so the given methods of this one object are overlaid.
 *
 * @param emitted - told of each event before its listeners are
 * @returns takes the overlays away
 */
export function markEmissions(
  emitter: object,
  methods: readonly string[],
  emitted?: (event: unknown) => void,
): () => void {
  const undo = methods.map((name) =>
    overlayMethod(
      emitter,
      name,
      (emit) =>
        function (event, ...rest) {
          emitted?.(event);
          return runInScope(new Emission(currentScope(), event), () => emit.call(this, event, ...rest));
        },
    ),
  );
  return () => {
    for (const step of undo) step();
  };
}
