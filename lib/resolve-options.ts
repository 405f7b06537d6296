import { hostname } from 'node:os';
import { inspect } from 'node:util';
import type { BreadcrumbSources } from './integrations/breadcrumb-sources';
import { detectEnvironment } from './deployment/detect-environment';
import { detectRelease } from './deployment/detect-release';
import { parseDsn } from './protocol/dsn';
import { DEFAULT_OPTIONS, type RavenOptions, type ResolvedOptions } from './raven.options';
import { shownOptions } from './shown-options';
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
 * Environment: `SENTRY_DSN`, `SENTRY_RELEASE` or `HEROKU_SLUG_COMMIT`, `SENTRY_DIST`, `SENTRY_ENVIRONMENT`,
 * `SENTRY_NAME` (`SENTRY_SPOTLIGHT` is read where Spotlight is set up). An empty variable counts as none. Release
 * and environment are detected where nobody says them.
 *
 * @param root - project root, where the app's package.json is looked up
 * @throws InvalidOptionsError where an option is unknown or has a wrong value
 */
export function resolveOptions(
  given: RavenOptions,
  env: NodeJS.ProcessEnv = process.env,
  root: string = process.cwd(),
): ResolvedOptions {
  validateOptions(given);
  const fromEnvironment: RavenOptions = {
    dsn: env.SENTRY_DSN?.trim() || undefined,
    serverName: env.SENTRY_NAME || hostname(),
  };
  const said: RavenOptions = {
    release: firstName(given.release, env.SENTRY_RELEASE, env.HEROKU_SLUG_COMMIT),
    dist: firstName(given.dist, env.SENTRY_DIST),
    environment: firstName(given.environment, env.SENTRY_ENVIRONMENT),
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
    ...said,
    ...(given.spool === false && { spool: undefined }),
    breadcrumbSources: breadcrumbSources(given),
  } as ResolvedOptions;
  // What came from the environment is held to the same rules.
  validateOptions(resolved);
  const { dsn } = resolved;
  const options = {
    ...resolved,
    release: said.release ?? detectRelease(env, root),
    environment: said.environment ?? detectEnvironment(env),
    orgId: resolved.orgId ?? (dsn?.trim() ? parseDsn(dsn).orgId : undefined),
  };
  const isDetected = { release: said.release === undefined, environment: said.environment === undefined };
  // Not enumerable, so that these options can be given to another client.
  return Object.freeze(
    Object.defineProperties(options, {
      isDetected: { value: isDetected },
      // Whoever prints what is in force does not print what nobody may know.
      toJSON: { value: () => shownOptions(options) },
      [inspect.custom]: { value: () => shownOptions(options) },
    }),
  );
}

/** The first that says anything, without white space around it. */
function firstName(...texts: (string | undefined)[]): string | undefined {
  return texts.map((text) => text?.trim()).find(Boolean);
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
