import { parseDsn, type Dsn } from '../../protocol/dsn';
import type { App } from './app';
import { ok, problem, warning, type Finding } from './finding';
import { ravenCalls } from './raven-calls';

const LOCAL =
  /^(?:localhost|127\.|\[::1\]|0\.0\.0\.0|10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.)|\.(?:local|internal|svc)$|^[^.]+$/;
/** Sentry's own service. */
const SENTRY = /(?:^|\.)sentry\.io$/;

/** Whether the environment has a DSN with which events can arrive. */
export function checkDsn({ env, sources = [] }: App): Finding[] {
  const text = env.SENTRY_DSN?.trim();
  const isInCode = ravenCalls(sources).some(
    ({ method, options }) => method === 'forRootAsync' || options.has('dsn'),
  );
  if (!text) {
    const message = 'SENTRY_DSN is not set here';
    if (isInCode) return [ok(`${message}; the options in the code may name one`)];
    return [
      warning(
        `${message}: without a DSN nothing is reported`,
        'Set SENTRY_DSN to the DSN of your project, where the app runs.',
      ),
    ];
  }
  let dsn: Dsn;
  try {
    dsn = parseDsn(text);
  } catch (error) {
    return [
      problem(
        `SENTRY_DSN: ${(error as Error).message}`,
        'Copy the DSN again from the settings of the project.',
      ),
    ];
  }
  const doubts = doubtsOf(dsn);
  return doubts.length > 0 ? doubts : [ok(`SENTRY_DSN is ${String(dsn)}`)];
}

function doubtsOf(dsn: Dsn): Finding[] {
  const shown = String(dsn);
  const doubts: Finding[] = [];
  if (dsn.scheme === 'http' && !LOCAL.test(dsn.host)) {
    doubts.push(
      warning(
        `SENTRY_DSN is ${shown}: events and the key go there unencrypted`,
        'Use the https address of the server.',
      ),
    );
  }
  if (SENTRY.test(dsn.host) && !/^[\da-f]{32}$/.test(dsn.publicKey)) {
    doubts.push(
      problem(
        `SENTRY_DSN is ${shown}: its key is not one of 32 hex digits, as Sentry has them`,
        'Copy the DSN again from the settings of the project; nestjs-raven test tells what the server says.',
      ),
    );
  }
  if (dsn.secretKey !== undefined) {
    doubts.push(
      warning(
        `SENTRY_DSN is ${shown} with a secret, which servers have not asked for in years`,
        'Copy the DSN without a secret; only very old servers need one.',
      ),
    );
  }
  return doubts;
}
