import { Logger } from '@nestjs/common';
import { runQuietly } from '../../context/scope';
import type { RavenApp } from '../../nest/raven-app';

/** Options of interceptors that have no counterpart, and why none is needed. */
const WITHOUT_EFFECT: Readonly<Record<string, string>> = {
  request: 'the module tells of the request by itself',
  include: 'the module tells of request and user by itself, and of more with its option "sendDefaultPii"',
  serverName: 'the option "serverName" of the module says it',
  transaction: 'events are named by their route, field, pattern or event',
  user: 'the id of the user is sent; name, e-mail and address with "sendDefaultPii" of the module',
  version: "the runtime's version is sent",
  context: 'what kind of handler it is, Nest tells',
  withGraphQL: 'GraphQL is known by itself',
};

/** Of which options each app was told. */
const told = new WeakMap<RavenApp, Set<string>>();

/** Says once in an app of each option that has no effect. @param speaker - the interceptor's class, for the message */
export function warnOfInterceptorOptions(app: RavenApp, speaker: string, options: object): void {
  const known = told.get(app) ?? new Set();
  told.set(app, known);
  for (const [option, value] of Object.entries(options)) {
    if (value === undefined || known.has(option) || !Object.hasOwn(WITHOUT_EFFECT, option)) continue;
    known.add(option);
    const line = `${speaker}: the option "${option}" has no effect: ${WITHOUT_EFFECT[option]}; remove it`;
    runQuietly(() => new Logger('Raven').warn(line));
  }
}
