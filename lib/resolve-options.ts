import { hostname } from 'node:os';
import type { BreadcrumbSources } from './integrations/breadcrumb-sources';
import { parseDsn } from './protocol/dsn';
import { DEFAULT_OPTIONS, type RavenOptions, type ResolvedOptions } from './raven.options';
import { validateOptions } from './validate-options';

const NO_SOURCES: Required<BreadcrumbSources> = {
  console: false,
  logger: false,
  request: false,
  http: false,
  queries: false,
  events: false,
};

/**
 * The options in force: what is given, else the environment, else the defaults.
 *
 * Environment: `SENTRY_DSN`, `SENTRY_RELEASE` or `HEROKU_SLUG_COMMIT`, `SENTRY_ENVIRONMENT`, `SENTRY_NAME`
 * (`SENTRY_SPOTLIGHT` is read where Spotlight is set up). An empty variable counts as none.
 *
 * @throws InvalidOptionsError where an option is unknown or has a wrong value
 */
export function resolveOptions(given: RavenOptions, env: NodeJS.ProcessEnv = process.env): ResolvedOptions {
  validateOptions(given);
  const fromEnvironment: RavenOptions = {
    dsn: env.SENTRY_DSN?.trim() || undefined,
    release: env.SENTRY_RELEASE || env.HEROKU_SLUG_COMMIT || undefined,
    environment: env.SENTRY_ENVIRONMENT || undefined,
    serverName: env.SENTRY_NAME || hostname(),
  };
  const resolved = {
    tags: {},
    context: { 'process.argv': process.argv },
    includePaths: [],
    excludePaths: [],
    ignoreExceptions: [],
    ...DEFAULT_OPTIONS,
    ...withoutUndefined(fromEnvironment),
    ...withoutUndefined(given),
    ...(given.spool === false && { spool: undefined }),
    breadcrumbSources: breadcrumbSources(given),
  } as ResolvedOptions;
  // What came from the environment is held to the same rules.
  validateOptions(resolved);
  const { dsn } = resolved;
  return Object.freeze({
    ...resolved,
    orgId: resolved.orgId ?? (dsn?.trim() ? parseDsn(dsn).orgId : undefined),
  });
}

function breadcrumbSources({
  enableBreadcrumbs = DEFAULT_OPTIONS.enableBreadcrumbs,
  breadcrumbSources = DEFAULT_OPTIONS.breadcrumbSources,
}: RavenOptions): Required<BreadcrumbSources> {
  const isOn = enableBreadcrumbs && breadcrumbSources !== false;
  return isOn ? { ...DEFAULT_OPTIONS.breadcrumbSources, ...withoutUndefined(breadcrumbSources) } : NO_SOURCES;
}

function withoutUndefined<T extends object>(options: T): T {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as T;
}
