// As `rollbar`, by the section "Node.js" of its README, but for the limit of 60 items a minute: where everything is to
// arrive, it could not be compared otherwise.
import { Catch, HttpException } from '@nestjs/common';
import { APP_FILTER, BaseExceptionFilter } from '@nestjs/core';
import Rollbar from 'rollbar';

/** Those of the README, where to send, and no limit. */
const options = (dsn) => ({
  accessToken: 'POST_SERVER_ITEM_ACCESS_TOKEN',
  captureUncaught: true,
  captureUnhandledRejections: true,
  payload: { code_version: '1.0.0' },
  itemsPerMinute: 0,
  endpoint: `${new URL(dsn).origin}/api/1/item/`,
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
