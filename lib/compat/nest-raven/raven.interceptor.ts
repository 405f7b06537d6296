import { Injectable, Optional, type ExecutionContext } from '@nestjs/common';
import { ReportingInterceptor } from '../sentry/reporting.interceptor';
import type { Scope } from '../sentry/scope';
import { RAVEN_LOCAL_TRANSFORMERS_METADATA } from './raven-transformer.decorator';
import type { IRavenInterceptorOptions, IRavenScopeTransformerFunction } from './raven.interfaces';

/**
 * nest-raven's interceptor over this package's client: it reports each error that passes it, an HttpException below 500
 * too, unless one of `filters` names it. The filters also hold for what the module sees by itself where the interceptor
 * stands, errors of guards for example.
 */
@Injectable()
export class RavenInterceptor extends ReportingInterceptor {
  readonly #transformers: readonly IRavenScopeTransformerFunction[];

  constructor(@Optional() options: IRavenInterceptorOptions = {}) {
    super(options);
    this.#transformers = options.transformers ?? [];
  }

  protected override describe(scope: Scope, context: ExecutionContext): void {
    const own: unknown = Reflect.getMetadata(RAVEN_LOCAL_TRANSFORMERS_METADATA, context.getHandler());
    const local = Array.isArray(own) ? (own as IRavenScopeTransformerFunction[]) : [];
    for (const transform of [...this.#transformers, ...local]) transform(scope, context);
  }
}
