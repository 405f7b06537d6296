// Its README, "Global" and "Filters": the interceptor for all controllers, without what is below 500.
import { HttpException } from '@nestjs/common';
import { APP_INTERCEPTOR } from '@nestjs/core';
import * as Sentry from '@sentry/node';
import { RavenInterceptor, RavenModule } from 'nest-raven';

const filters = [{ type: HttpException, filter: (exception) => exception.getStatus() < 500 }];

export const modules = () => [RavenModule];
export const providers = () => [{ provide: APP_INTERCEPTOR, useValue: new RavenInterceptor({ filters }) }];
export const configure = () => undefined;

export const describe = () => () => {
  Sentry.setTags({ tenant: 'acme', area: 'orders', plan: 'pro', region: 'eu', flow: 'checkout' });
  for (const message of ['look for the order', 'found the order', 'look for its customer'])
    Sentry.addBreadcrumb({ category: 'orders', message, data: { order: 17 } });
  Sentry.setUser({ id: '17' });
};

/** That of @sentry/node 8 rejects where the server is away. */
export const flush = (_app, timeoutMs) => Sentry.flush(timeoutMs).catch(() => false);

/** It counts what it dropped for its client reports, and has no way to ask. */
export const stats = () => ({});
