// Its README, "Lightweight Mode": init before the HTTP server is made; below Node 22.12 the middleware of "Manual Request
// Isolation". It has nothing for NestJS, so a filter of four lines reports what @sentry/nestjs would.
import { Catch, HttpException } from '@nestjs/common';
import { APP_FILTER, BaseExceptionFilter } from '@nestjs/core';
import * as Sentry from '@sentry/node-core/light';

class LightFilter extends BaseExceptionFilter {
  catch(exception, host) {
    if (!(exception instanceof HttpException)) Sentry.captureException(exception);
    super.catch(exception, host);
  }
}
Catch()(LightFilter);

const [major, minor] = process.versions.node.split('.').map(Number);
const isolatesByItself = major > 22 || (major === 22 && minor >= 12);

export const modules = (dsn) => {
  Sentry.init({ dsn });
  return [];
};
export const providers = () => [{ provide: APP_FILTER, useClass: LightFilter }];
export const configure = (app) => {
  if (!isolatesByItself) app.use((_req, _res, next) => Sentry.withIsolationScope(() => next()));
};

export const describe = () => () => {
  Sentry.setTags({ tenant: 'acme', area: 'orders', plan: 'pro', region: 'eu', flow: 'checkout' });
  for (const message of ['look for the order', 'found the order', 'look for its customer'])
    Sentry.addBreadcrumb({ category: 'orders', message, data: { order: 17 } });
  Sentry.setUser({ id: '17' });
};

export const flush = (_app, timeoutMs) => Sentry.flush(timeoutMs);

/** It counts what it dropped for its client reports, and has no way to ask. */
export const stats = () => ({});
