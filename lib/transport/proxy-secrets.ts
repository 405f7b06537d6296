import type { AxiosOption } from './axios-client';
import { proxyVariables } from './proxy-variables';

/**
 * What a proxy is sent as credentials and could write into its answer: user and password of the environment's
 * proxies and of `axios.proxy`, as they are and as `Basic` has them. Never throws.
 */
export function proxySecrets(
  axios: AxiosOption | undefined,
  env: Readonly<NodeJS.ProcessEnv> = process.env,
): string[] {
  const configured = [axios, read(axios, 'defaults')].map((config) => read(config, 'proxy'));
  return [...proxyVariables(env).flatMap(credentialsOfUrl), ...configured.flatMap(credentialsOf)].flatMap(
    (credentials) => {
      const [user, password] = splitAtColon(credentials);
      // Without its padding, which tells nothing: whoever writes it may leave it out.
      return [user, password, Buffer.from(credentials).toString('base64').replace(/=+$/, '')];
    },
  );
}

/** Also of what is no URL: that it cannot be used is told with its text. */
function credentialsOfUrl(url: string): string[] {
  if (!url.includes('@')) return [];
  const given = url.slice(0, url.lastIndexOf('@')).replace(/^[^/]*\/\//, '');
  return [given, splitAtColon(given).map(decoded).join(':')];
}

/** axios takes them in an object, in one text, or beside the host. */
function credentialsOf(proxy: unknown): string[] {
  const auth = read(proxy, 'auth');
  if (typeof auth === 'string') return [auth];
  return [auth, proxy].flatMap((holder) => {
    const parts = [read(holder, 'username'), read(holder, 'password')];
    const texts = parts.map((part) => (typeof part === 'string' ? part : ''));
    return texts.some(Boolean) ? [texts.join(':')] : [];
  });
}

function splitAtColon(credentials: string): [string, string] {
  const [user, ...password] = credentials.split(':');
  return [user, password.join(':')];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** An instance of the app's own may have anything in it. */
function read(holder: unknown, key: string): unknown {
  if ((typeof holder !== 'object' && typeof holder !== 'function') || holder === null) return undefined;
  try {
    return (holder as Record<string, unknown>)[key];
  } catch {
    return undefined;
  }
}
