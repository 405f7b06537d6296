import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AbstractHttpAdapter } from '@nestjs/core';
import { currentScope, runInScope } from '../../context/scope';
import { HttpScope } from './http-scope';
import type { RavenApp } from '../raven-app';

/** What a Fastify instance is needed for. */
interface FastifyLike {
  addHook(
    name: 'onRequest',
    hook: (request: { raw: IncomingMessage }, reply: { raw: ServerResponse }, done: () => void) => void,
  ): unknown;
}

/**
 * Has every request of the app run in a scope of its own, which begins before body parsing and the app's
 * own middleware where the adapter is there early enough.
 *
 * @returns whether the adapter is one this module knows
 */
export function enterScopes(app: RavenApp, adapter: AbstractHttpAdapter): boolean {
  const kind = adapter.getType();
  if (kind !== 'express' && kind !== 'fastify') return false;
  adapter.use((request: IncomingMessage, response: ServerResponse, next: () => void) => {
    runInScope(new HttpScope(app, request, response), next);
  });
  if (kind === 'fastify') {
    // Middleware of Fastify gets the raw request: its own, with route, body and user, comes with the hook.
    adapter.getInstance<FastifyLike>().addHook('onRequest', (request, reply, done) => {
      const work = currentScope()?.work;
      if (work instanceof HttpScope && work.rawRequest === request.raw) {
        work.request = request;
        work.response = reply;
        done();
        return;
      }
      const scope = new HttpScope(app, request.raw, reply.raw);
      scope.request = request;
      scope.response = reply;
      runInScope(scope, done);
    });
  }
  return true;
}
