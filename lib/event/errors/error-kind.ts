/** What may be told of an error. */
export interface DetailOptions {
  /** Whether values that people gave may be told: bodies of answers, values that were refused. */
  sendDefaultPii: boolean;
}

/**
 * Errors of one library: how they are known, and what is told of them. They are known by their shape, since an
 * app may have a library any number of times, or not at all; so anything may pretend to be one.
 */
export interface ErrorKind {
  /** Whether this is one of them. */
  matches(error: object): boolean;
  /** The context's name, where the error's type says little. */
  contextName?: string;
  /** What helps to find the reason, as data of any kind; what is undefined is left out. */
  details(error: object, options: DetailOptions): Record<string, unknown>;
  /** Its message without values, where the library's own may hold some; undefined: its own will do. */
  message?(error: object): string | undefined;
  /** Whether the library's own message cannot be read, so that this one is better even where values may be told. */
  isOwnMessageUnreadable?: boolean;
}
