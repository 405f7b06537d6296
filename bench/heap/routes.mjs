// The routes of the measured app: each is one thing that apps do, or one that would fill a cache that has no bound.
import { request } from 'node:http';
import {
  BadRequestException,
  Body,
  Controller,
  Get,
  Inject,
  Logger,
  NotFoundException,
  Param,
  Post,
} from '@nestjs/common';
import { RavenClient } from 'nestjs-raven';
import { ROUTES } from './route-list.mjs';

const logger = new Logger('Orders');
let origin = '';
let unique = 0;

/** Where the app itself can be reached. */
export function setOrigin(url) {
  origin = url;
}

/** Not by node:vm: Node 20 keeps a kilobyte of each of its scripts for ever. */
function run(code) {
  Reflect.construct(Function, [code])();
}

export class OrdersController {
  constructor(client) {
    this.client = client;
  }
  ok() {
    return { ok: true };
  }
  described() {
    const { client } = this;
    client.userContext({ id: String((unique += 1)) });
    client.tagsContext({ tenant: `tenant-${unique}`, area: 'orders' });
    client.extraContext({ [`key-${unique}`]: 'x'.repeat(200) });
    client.flag(`flag-${unique}`, true);
    for (let n = 0; n < 5; n++) client.captureBreadcrumb({ message: `step ${unique} ${n}`, data: { n } });
    return { ok: true };
  }
  throwing() {
    throw new TypeError('this order has no customer');
  }
  uniqueMessage() {
    throw new Error(`order ${(unique += 1)} has no customer ${'x'.repeat(unique % 300)}`);
  }
  uniqueStack() {
    unique += 1;
    const code = `class E${unique} extends Error {} throw new E${unique}('unique')`;
    run(`${code}\n//# sourceURL=/srv/unique-${unique}.js`);
  }
  evaluated() {
    unique += 1;
    run(`eval("(function f${unique}() { throw new RangeError('evaluated ${unique}'); })()")`);
  }
  causes() {
    const causes = Array.from(
      { length: 3 },
      (_, n) => new Error(`cause ${n} ${(unique += 1)}`, { cause: new Error('root') }),
    );
    throw new AggregateError(causes, 'several', { cause: { unique, list: Array(50).fill(unique) } });
  }
  several() {
    const { client } = this;
    for (let n = 0; n < 3; n++) {
      client.context.run(() => {
        client.captureBreadcrumb({ message: `part ${n}` });
        client.captureException(new Error(`part ${n} of ${(unique += 1)}`), { tags: { n } });
      });
    }
    client.captureMessage(`message ${unique} of %s`, { params: ['somebody'] });
    throw new Error('and one that is thrown');
  }
  refused() {
    throw new BadRequestException({ message: [`field ${(unique += 1)} is missing`] });
  }
  missing({ id }) {
    throw new NotFoundException(`no order ${id}`);
  }
  logged() {
    logger.error(`order ${(unique += 1)} could not be saved`, new Error('saved').stack);
    logger.warn(`order ${unique}`);
    return { ok: true };
  }
  posted(body) {
    throw new Error(`not taken: ${Object.keys(body).length}`);
  }
  async outgoing() {
    await new Promise((resolve, reject) =>
      request(`${origin}/orders/ok?unique=${(unique += 1)}`, (answer) => answer.resume().on('end', resolve))
        .on('error', reject)
        .end(),
    );
    throw new Error('after a request of its own');
  }
  async rejected() {
    await new Promise((resolve) => setImmediate(resolve));
    throw Object.assign(new Error('late'), { code: `E${(unique += 1)}`, details: { unique } });
  }
  primitive() {
    throw `text ${(unique += 1)}`;
  }
}

Controller('orders')(OrdersController);
for (const [path, method] of ROUTES) {
  const route = path === 'posted' ? Post(path) : Get(path);
  route(
    OrdersController.prototype,
    method,
    Object.getOwnPropertyDescriptor(OrdersController.prototype, method),
  );
}
Param()(OrdersController.prototype, 'missing', 0);
Body()(OrdersController.prototype, 'posted', 0);
Inject(RavenClient)(OrdersController, undefined, 0);
