import { connect } from 'node:net';
import { maskDsn } from '../../protocol/mask-dsn';
import { spotlightUrl } from '../../protocol/spotlight-url';
import type { App } from './app';
import { ok, warning, type Finding } from './finding';

const CONNECT_WITHIN_MS = 2_000;

/** Whether Spotlight is there, where the environment has copies go to it. */
export async function checkSpotlight({ env }: App): Promise<Finding[]> {
  const { url, warning: complaint } = spotlightUrl(undefined, env.SENTRY_SPOTLIGHT, env.NODE_ENV);
  if (complaint !== undefined) return [warning(complaint, 'Unset SENTRY_SPOTLIGHT where it is not meant.')];
  if (url === undefined) return [ok('SENTRY_SPOTLIGHT is not set: no copies go to Spotlight')];
  const shown = maskDsn(url);
  if (await canConnect(new URL(url)))
    return [ok(`copies go to Spotlight at ${shown}, where something listens`)];
  return [
    warning(
      `copies go to Spotlight at ${shown}, where nothing listens`,
      'Start it: npx @spotlightjs/spotlight. Or unset SENTRY_SPOTLIGHT.',
    ),
  ];
}

function canConnect({ hostname, port, protocol }: URL): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({
      host: hostname.replace(/^\[|\]$/g, ''),
      port: Number(port) || (protocol === 'https:' ? 443 : 80),
    });
    const settle = (isThere: boolean): void => {
      socket.destroy();
      resolve(isThere);
    };
    socket.setTimeout(CONNECT_WITHIN_MS, () => settle(false));
    socket.once('connect', () => settle(true));
    socket.once('error', () => settle(false));
  });
}
