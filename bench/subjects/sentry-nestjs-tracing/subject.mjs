// Its README, "Usage": SentryModule first among the imports, SentryGlobalFilter first among the providers, since the app
// has no catch-all filter of its own.
import { APP_FILTER } from '@nestjs/core';
import * as Sentry from '@sentry/nestjs';
import { SentryGlobalFilter, SentryModule } from '@sentry/nestjs/setup';

export const modules = () => [SentryModule.forRoot()];
export const providers = () => [{ provide: APP_FILTER, useClass: SentryGlobalFilter }];
export const configure = () => undefined;

export const describe = () => () => {
  Sentry.setTags({ tenant: 'acme', area: 'orders', plan: 'pro', region: 'eu', flow: 'checkout' });
  for (const message of ['look for the order', 'found the order', 'look for its customer'])
    Sentry.addBreadcrumb({ category: 'orders', message, data: { order: 17 } });
  Sentry.setUser({ id: '17' });
};

export const flush = (_app, timeoutMs) => Sentry.flush(timeoutMs);

/** It counts what it dropped for its client reports, and has no way to ask. */
export const stats = () => ({});
