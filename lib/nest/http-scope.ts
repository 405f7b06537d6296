import type { IncomingMessage, ServerResponse } from 'node:http';
import { WorkScope } from '../context/scope';
import type { RavenClient } from '../client/raven.client';
import { continueTrace, type PropagationContext } from '../protocol/trace';
import { describeHttp } from './http-description';
import type { HttpOutcome } from './http-outcome';
import type { WorkOfApp } from './live-apps';
import type { RavenApp } from './raven-app';

/** One HTTP request. Entering it is all that a request costs until something must be reported. */
export class HttpScope extends WorkScope implements WorkOfApp {
  /** The framework's request: Express's is the raw one, Fastify's comes a hook later. */
  request: unknown;
  response: unknown;
  /** There from the first error on. */
  outcome: HttpOutcome | undefined = undefined;

  constructor(
    readonly app: RavenApp,
    readonly rawRequest: IncomingMessage,
    readonly rawResponse: ServerResponse,
  ) {
    super();
    this.request = rawRequest;
    this.response = rawResponse;
  }

  get type(): string {
    return 'http';
  }

  override describe(client: RavenClient): Record<string, unknown> {
    return describeHttp(this, client.options);
  }

  override trace(client: RavenClient): PropagationContext {
    const { headers } = this.rawRequest;
    return continueTrace(
      {
        sentryTrace: headers['sentry-trace'],
        baggage: headers.baggage,
        traceparent: headers.traceparent,
      },
      { orgId: client.options.orgId, strictTraceContinuation: client.options.strictTraceContinuation },
    );
  }
}
