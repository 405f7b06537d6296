// No reporter: what an event of the size that this package's events have here costs when it is made of nothing.
import { Agent, request } from 'node:http';
import { Catch } from '@nestjs/common';
import { BaseExceptionFilter, HttpAdapterHost } from '@nestjs/core';

const EVENT_BYTES = 4000;
const ENVELOPE = Buffer.from(
  `{}\n{"type":"event"}\n${JSON.stringify({ level: 'error', extra: { text: 'x'.repeat(EVENT_BYTES) } })}\n`,
);
const target = new URL(process.env.BENCH_DSN);
const options = {
  method: 'POST',
  hostname: target.hostname,
  port: target.port,
  path: `/api${target.pathname}/envelope/`,
  agent: new Agent({ keepAlive: true, maxSockets: 32, scheduling: 'lifo' }),
  headers: { 'Content-Type': 'application/x-sentry-envelope', 'Content-Length': ENVELOPE.byteLength },
};
const pending = new Set();

class PostingFilter extends BaseExceptionFilter {
  catch(exception, host) {
    const delivered = new Promise((resolve) => {
      request(options, (answer) => answer.resume().on('end', resolve))
        .on('error', resolve)
        .end(ENVELOPE);
    });
    pending.add(delivered);
    void delivered.then(() => pending.delete(delivered));
    super.catch(exception, host);
  }
}
Catch()(PostingFilter);

export const modules = () => [];
export const providers = () => [];
export const configure = (app) => {
  app.useGlobalFilters(new PostingFilter(app.get(HttpAdapterHost).httpAdapter));
};
export const describe = () => () => undefined;
export const flush = async () => {
  await Promise.all(pending);
};
export const stats = () => ({});
