import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RavenClient } from '../../client/raven.client';
import type { RecordedBreadcrumb } from '../../context/breadcrumb-buffer';
import { maskedTarget } from '../../event/http-request';
import { safeString } from '../../event/safe-read';
import { continueTrace, type PropagationContext } from '../../protocol/trace';
import { describeHttp } from './http-description';
import { HttpOutcome } from './http-outcome';
import { NestWork } from '../nest-work';
import type { RaisedAt } from '../error-reporter';
import type { RavenApp } from '../raven-app';

/** One HTTP request. Entering it is all that a request costs until something must be reported. */
export class HttpScope extends NestWork {
  readonly type = 'http';
  /** The framework's request: Express's is the raw one, Fastify's comes a hook later. */
  override request: unknown;
  override response: unknown;
  /** There from the first error on. */
  outcome: HttpOutcome | undefined = undefined;
  /** When it came, for its line among the breadcrumbs. */
  private readonly startedMs = Date.now();

  constructor(
    app: RavenApp,
    readonly rawRequest: IncomingMessage,
    readonly rawResponse: ServerResponse,
  ) {
    super(app);
    this.request = rawRequest;
    this.response = rawResponse;
  }

  /** The error is reported once the answer is known. */
  note(exception: unknown, at: RaisedAt, isStreaming: boolean): void {
    this.outcome ??= new HttpOutcome(this);
    this.outcome.note(exception, at, isStreaming);
  }

  override whenDecided(exception: unknown, callback: () => void): boolean {
    return this.outcome?.whenDecided(exception, callback) ?? false;
  }

  override describe(client: RavenClient): Record<string, unknown> {
    return describeHttp(this, client.options);
  }

  override firstBreadcrumb(): RecordedBreadcrumb {
    const { method = 'GET', url = '/' } = this.rawRequest;
    const target = maskedTarget(safeString(this.request, 'originalUrl') ?? url);
    return {
      timestampMs: this.startedMs,
      type: 'http',
      level: 'info',
      category: 'request',
      message: `${method} ${target.split('?', 1)[0]}`,
      data: { method, url: target },
    };
  }

  override trace(client: RavenClient): PropagationContext {
    const { headers } = this.rawRequest;
    return continueTrace(
      {
        sentryTrace: headers['sentry-trace'],
        baggage: headers.baggage,
        traceparent: headers.traceparent,
      },
      client.options,
    );
  }
}
