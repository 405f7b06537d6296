/** What came back of a POST. */
export interface HttpAnswer {
  status: number;
  /** A header's value; several of one name are joined by commas. @param name - in lower case */
  readonly header: (name: string) => string | undefined;
  /** The body's beginning; empty where it could not be read. */
  body: string;
}

/** One POST under way. */
export interface HttpExchange {
  /** Rejects where no status came, with whatever told of that. */
  readonly answer: Promise<HttpAnswer>;
  /** Ends it, whatever it waits for. A status that has come counts; else the answer rejects with the reason. */
  abandon(reason: Error): void;
}

/** Makes POSTs to one URL, over connections that keep no process alive. */
export interface HttpClient {
  /** Loads what the first request would. @throws where it cannot be loaded */
  load(): void;
  /**
   * Begins one.
   *
   * @param isPacked - whether the body is gzipped
   * @throws where none can be begun
   */
  post(body: Buffer, isPacked: boolean): HttpExchange;
  /** Credentials that it sends to somebody else than the server, who may write them into an answer. Never throws. */
  secrets(): readonly string[];
  /** Ends the connections that are ours; those of agents the user gave stay. */
  destroy(): void;
}
