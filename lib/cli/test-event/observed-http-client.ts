import type { HttpAnswer, HttpClient, HttpExchange } from '../../transport/http-client';

/** How a request ended. */
export interface Observation {
  tookMs: number;
  /** What came back, also of whatever is no Sentry server. */
  answer?: HttpAnswer;
  /** Why nothing came back. */
  error?: unknown;
  /** Whether it was given up, after the time that an attempt has. */
  isGivenUp?: boolean;
}

/** The client that apps send by, seen through: a transport keeps of an answer only what delivery needs. */
export class ObservedHttpClient implements HttpClient {
  readonly #inner: HttpClient;
  readonly #seen: (observation: Observation) => void;

  constructor(inner: HttpClient, seen: (observation: Observation) => void) {
    this.#inner = inner;
    this.#seen = seen;
  }

  load(): void {
    this.#inner.load();
  }

  post(body: Buffer, isPacked: boolean): HttpExchange {
    const startedMs = performance.now();
    const tell = (how: Omit<Observation, 'tookMs'>): void =>
      this.#seen({ tookMs: Math.round(performance.now() - startedMs), ...how });
    let isGivenUp = false;
    try {
      const exchange = this.#inner.post(body, isPacked);
      exchange.answer.then(
        (answer) => tell({ answer }),
        (error: unknown) => tell({ error, isGivenUp }),
      );
      return {
        answer: exchange.answer,
        abandon: (reason) => {
          isGivenUp = true;
          exchange.abandon(reason);
        },
      };
    } catch (error) {
      tell({ error });
      throw error;
    }
  }

  secrets(): readonly string[] {
    return this.#inner.secrets();
  }

  destroy(): void {
    this.#inner.destroy();
  }
}
