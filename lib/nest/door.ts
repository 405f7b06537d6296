/** A place where errors of an app are seen. */
export interface Door {
  /** Begins to see errors. Called while providers are made: all classes are scanned, nothing is bound yet. */
  open(): void;
  /** The app configures its middleware: the last moment before its routes are bound. */
  prepare?(): void;
  /** All providers are made; the app's hooks begin to run. */
  ready?(): void;
  /** The hooks that run before the app has started have run, but for those that run last. */
  started?(): void;
  /** Undoes all that opening did. */
  close(): void;
}
