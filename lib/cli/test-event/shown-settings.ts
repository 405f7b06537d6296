import { findEnvironment } from '../../deployment/detect-environment';
import { findRelease } from '../../deployment/detect-release';
import { parseDsn } from '../../protocol/dsn';
import { maskDsn } from '../../protocol/mask-dsn';
import type { ResolvedOptions } from '../../raven.options';
import type { CliSurroundings } from '../cli-surroundings';
import type { Setting } from './setting';

/** What the command itself was given. */
export interface GivenSettings {
  dsn?: string;
  release?: string;
  environment?: string;
}

const NETWORK_VARIABLES = [
  ...['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'NO_PROXY'].flatMap((name) => [name, name.toLowerCase()]),
  'NODE_EXTRA_CA_CERTS',
  'NODE_TLS_REJECT_UNAUTHORIZED',
];

/** The settings in force that decide where an event goes and what it is called, and where each comes from. */
export function shownSettings(
  options: ResolvedOptions,
  given: GivenSettings,
  { env, folder }: Pick<CliSurroundings, 'env' | 'folder'>,
): Setting[] {
  const { dsn, release, dist, environment, serverName } = options;
  const variable = (...names: string[]): string | undefined => names.find((name) => env[name]?.trim());
  const said = (option: string, value: string | undefined): string | undefined =>
    value?.trim() ? option : undefined;
  const settings: [string, string | undefined, string | undefined][] = [
    ['DSN', dsn && String(parseDsn(dsn)), said('the argument', given.dsn) ?? 'SENTRY_DSN'],
    [
      'release',
      release,
      said('--release', given.release) ??
        variable('SENTRY_RELEASE', 'HEROKU_SLUG_COMMIT') ??
        findRelease(env, folder)?.from,
    ],
    ['dist', dist, 'SENTRY_DIST'],
    [
      'environment',
      environment,
      said('--environment', given.environment) ??
        variable('SENTRY_ENVIRONMENT') ??
        findEnvironment(env)?.from,
    ],
    ['server name', masked(serverName), variable('SENTRY_NAME') ?? "the machine's name"],
    ...NETWORK_VARIABLES.map((name): [string, string | undefined, string] => [
      'network',
      masked(env[name] || undefined),
      name,
    ]),
  ];
  return settings
    .map(([name, value, from]) => ({
      name,
      value: value ?? 'none',
      from: value === undefined ? '' : (from ?? ''),
    }))
    .filter(({ name, value }) => value !== 'none' || ALWAYS_SHOWN.has(name));
}

const ALWAYS_SHOWN = new Set(['release', 'environment']);

/** Names of machines and lists of them have no credentials, URLs of proxies may. */
function masked(text: string | undefined): string | undefined {
  return text !== undefined && /@|%40|:\/\//.test(text) ? maskDsn(text) : text;
}
