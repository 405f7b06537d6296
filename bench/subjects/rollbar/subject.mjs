// Its README, "Quick Start", "Node.js". Its error handler for Express is never reached behind Nest's filters, so a filter
// passes error and request to `rollbar.error`, as that handler does.
import { Catch, HttpException } from '@nestjs/common';
import { APP_FILTER, BaseExceptionFilter } from '@nestjs/core';
import Rollbar from 'rollbar';
import { options as given } from './options.mjs';

/** Those of the README, and where to send. */
const options = (dsn) => ({
  accessToken: 'POST_SERVER_ITEM_ACCESS_TOKEN',
  captureUncaught: true,
  captureUnhandledRejections: true,
  payload: { code_version: '1.0.0' },
  endpoint: `${new URL(dsn).origin}/api/1/item/`,
  ...given,
});

let rollbar;
let delivered = 0;
const dropped = {};

const count = (error) => {
  if (error) dropped[error.message] = (dropped[error.message] ?? 0) + 1;
  else delivered++;
};

class RollbarFilter extends BaseExceptionFilter {
  catch(exception, host) {
    const request = host.switchToHttp().getRequest();
    if (!(exception instanceof HttpException)) rollbar.error(exception, request, count);
    super.catch(exception, host);
  }
}
Catch()(RollbarFilter);

export const modules = (dsn) => {
  rollbar = new Rollbar(options(dsn));
  return [];
};
export const providers = () => [{ provide: APP_FILTER, useClass: RollbarFilter }];
export const configure = () => undefined;

/** It has no scope of a request: person and custom data go with each error, telemetry is the process's. */
export const describe = () => () => {
  for (const message of ['look for the order', 'found the order', 'look for its customer'])
    rollbar.captureEvent({ message, order: 17 }, 'info');
};

export const flush = (_app, timeoutMs) =>
  new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), timeoutMs);
    rollbar.wait(() => {
      clearTimeout(timer);
      resolve(true);
    });
  });

export const stats = () => ({ delivered, dropped: { ...dropped } });
