// Its README, "Node.js", and that of @bugsnag/plugin-express: `start` with the plugin, its request handler as the first
// middleware. The plugin's error handler is never reached behind Nest's filters, so a filter notifies.
import { Catch, HttpException } from '@nestjs/common';
import { APP_FILTER, BaseExceptionFilter } from '@nestjs/core';
import Bugsnag from '@bugsnag/js';
import express from '@bugsnag/plugin-express';

let notified = 0;
let delivered = 0;
let failed = 0;

const count = (error) => {
  if (error) failed++;
  else delivered++;
};

class BugsnagFilter extends BaseExceptionFilter {
  catch(exception, host) {
    if (!(exception instanceof HttpException)) {
      notified++;
      Bugsnag.notify(exception, undefined, count);
    }
    super.catch(exception, host);
  }
}
Catch()(BugsnagFilter);

export const modules = (dsn) => {
  const { origin } = new URL(dsn);
  Bugsnag.start({
    apiKey: '0123456789abcdef0123456789abcdef',
    plugins: [express],
    endpoints: { notify: `${origin}/notify`, sessions: `${origin}/sessions` },
    autoTrackSessions: false,
  });
  return [];
};
export const providers = () => [{ provide: APP_FILTER, useClass: BugsnagFilter }];
export const configure = (app) => {
  app.use(Bugsnag.getPlugin('express').requestHandler);
};

export const describe = () => () => {
  Bugsnag.addMetadata('tags', {
    tenant: 'acme',
    area: 'orders',
    plan: 'pro',
    region: 'eu',
    flow: 'checkout',
  });
  for (const message of ['look for the order', 'found the order', 'look for its customer'])
    Bugsnag.leaveBreadcrumb(message, { order: 17 });
  Bugsnag.setUser('17');
};

/** It has none of its own on a server: until each notification has called back. */
export const flush = async (_app, timeoutMs) => {
  const end = Date.now() + timeoutMs;
  while (delivered + failed < notified && Date.now() < end)
    await new Promise((resolve) => setTimeout(resolve, 10));
  return delivered + failed === notified;
};

export const stats = () => ({ notified, delivered, failed });
