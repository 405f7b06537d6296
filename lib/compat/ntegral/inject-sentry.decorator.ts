import { Inject } from '@nestjs/common';

/** What the {@link SentryService} is injected by, beside its class. */
export const SENTRY_TOKEN: unique symbol = Symbol('SentryToken');

/** Injects the {@link SentryService}. */
export function InjectSentry(): ParameterDecorator & PropertyDecorator {
  return Inject(SENTRY_TOKEN) as ParameterDecorator & PropertyDecorator;
}
