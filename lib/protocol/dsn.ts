import { maskDsn } from './mask-dsn';

export { maskDsn };

/** How a DSN is written, as messages show it. */
export const DSN_FORM = 'https://PUBLIC_KEY@HOST/PROJECT_ID';
const EXPECTED = `expected ${DSN_FORM}`;
/** `scheme://authority/path?query#fragment`; each part ends where the next can begin, so it runs in linear time. */
const SHAPE = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)([^?#]*)(?:\?([^#]*))?(?:#.*)?$/is;

/** `new URL` would drop or turn these silently, and a line break must never get near a header. */
const FORBIDDEN = /[\s\\]|\p{Cc}/u;

/** Segments that `new URL` would take for a way up, so that events went elsewhere. */
const WAY_UP = /^(?:\.|%2e){1,2}$/i;

/** A DSN that cannot be used; the message says which part is wrong and never holds a key or the secret. */
export class InvalidDsnError extends Error {
  /** The name raven-python gives it. */
  override readonly name = 'InvalidDsn';
}

/** The parts of a DSN as they were written, all strings. */
export interface DsnParts {
  scheme: 'http' | 'https';
  publicKey: string;
  /** Obsolete; present only where the DSN had one that is not empty. */
  secretKey?: string;
  /** Lower-case name, IPv4 address, or IPv6 address in brackets. */
  host: string;
  /** Absent means the scheme's own. */
  port?: string;
  /** Between host and project id: empty, or with a leading and without a closing slash. */
  path: string;
  /** The last path segment; opaque, any text. */
  projectId: string;
  /** The query of the DSN; old clients kept options there. */
  options: Record<string, string>;
}

/**
 * Where events go and as whom: the address of a project on a Sentry-compatible server.
 *
 * Printing one in any way gives the masked form, so that keys do not get into logs.
 */
export class Dsn implements DsnParts {
  readonly scheme: 'http' | 'https';
  readonly publicKey: string;
  readonly secretKey?: string;
  readonly host: string;
  readonly port?: string;
  readonly path: string;
  readonly projectId: string;
  readonly options: Record<string, string>;

  constructor(parts: DsnParts) {
    this.scheme = parts.scheme;
    this.publicKey = parts.publicKey;
    if (parts.secretKey) this.secretKey = parts.secretKey;
    this.host = parts.host;
    if (parts.port) this.port = parts.port;
    this.path = parts.path;
    this.projectId = parts.projectId;
    this.options = parts.options;
  }

  /** Scheme, host, port and path, without closing slash. */
  get baseUrl(): string {
    return `${this.scheme}://${locationOf(this)}`;
  }

  /** Takes envelopes by POST. */
  get envelopeUrl(): string {
    return `${this.baseUrl}/api/${this.projectId}/envelope/`;
  }

  /** Takes one event as JSON by POST; deprecated, for servers that know no envelopes. */
  get storeUrl(): string {
    return `${this.baseUrl}/api/${this.projectId}/store/`;
  }

  /**
   * The organisation's id as Sentry's hosted service writes it into the host name: the digits of a first label
   * `o<digits>`, as Sentry's JavaScript clients read it.
   */
  get orgId(): string | undefined {
    return /^o(\d+)\./.exec(this.host)?.[1];
  }

  /** Masked: `https://***@host/1`. */
  toString(): string {
    return `${this.scheme}://***@${locationOf(this)}/${this.projectId}`;
  }

  toJSON(): string {
    return this.toString();
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return `Dsn ${this.toString()}`;
  }
}

/**
 * A DSN without secret and query, fit for a page (raven-python's `get_public_dsn`).
 *
 * @param scheme - without one the result begins with `//`
 */
export function publicDsn(dsn: Dsn, scheme?: string): string {
  return `${scheme ? `${scheme}:` : ''}//${dsn.publicKey}@${locationOf(dsn)}/${dsn.projectId}`;
}

function locationOf(dsn: Dsn): string {
  return `${dsn.host}${dsn.port ? `:${dsn.port}` : ''}${dsn.path}`;
}

/**
 * Reads a DSN, `https://PUBLIC_KEY[:SECRET]@HOST[:PORT][/PATH]/PROJECT_ID`.
 *
 * The form of the key is the server's business and not checked. Spaces around the DSN are ignored.
 *
 * @throws InvalidDsnError naming the part: no URL, other scheme, no public key, no host, bad port, no project id
 */
export function parseDsn(text: string): Dsn {
  const refuse = (what: string): never => {
    throw new InvalidDsnError(`the DSN "${maskDsn(text)}" ${what}; ${EXPECTED}`);
  };
  const trimmed = typeof text === 'string' ? text.trim() : '';
  const shape = SHAPE.exec(trimmed) ?? refuse('is not a URL');
  if (FORBIDDEN.test(trimmed)) refuse('holds a space, a backslash or a control character');
  const scheme = shape[1].toLowerCase();
  if (scheme !== 'http' && scheme !== 'https') {
    return refuse('has a scheme other than http and https');
  }
  if (trimmed.lastIndexOf('@') >= shape[1].length + '://'.length + shape[2].length) {
    // Most of a key would be taken for the host, asked for by name, and told in the log.
    refuse('has an "@" behind its host: in keys, "/", "?" and "#" are written %2F, %3F and %23');
  }
  const at = shape[2].lastIndexOf('@');
  const [publicKey, secretKey] = splitOnce(at < 0 ? '' : shape[2].slice(0, at), ':');
  if (publicKey === '') refuse('has no public key');
  const { host, port } = readAuthority(scheme, shape[2].slice(at + 1), refuse);
  const slash = shape[3].lastIndexOf('/');
  const projectId = shape[3].slice(slash + 1);
  if (slash < 0 || projectId === '' || WAY_UP.test(projectId)) refuse('has no project id');
  return new Dsn({
    scheme,
    publicKey,
    secretKey,
    host,
    port,
    path: shape[3].slice(0, slash).replace(/(?<!\/)\/+$/, ''),
    projectId,
    options: Object.fromEntries(new URLSearchParams(shape[4] ?? '')),
  });
}

/** Host in the form that `new URL` gives it, so that what is compared and logged is what is connected to. */
function readAuthority(
  scheme: string,
  authority: string,
  refuse: (what: string) => never,
): { host: string; port: string } {
  const colon = authority.lastIndexOf(':');
  const hasPort = colon > authority.lastIndexOf(']');
  const name = hasPort ? authority.slice(0, colon) : authority;
  const port = hasPort ? authority.slice(colon + 1) : '';
  if (name === '') refuse('has no host');
  if (port !== '' && !(/^\d{1,5}$/.test(port) && Number(port) >= 1 && Number(port) <= 65_535)) {
    refuse('has a port that is not a number from 1 to 65535');
  }
  if (!URL.canParse(`${scheme}://${name}/`)) refuse('has a host that is not valid');
  const host = new URL(`${scheme}://${name}/`).hostname;
  return { host: host === '' ? refuse('has no host') : host, port: port === '' ? '' : String(Number(port)) };
}

function splitOnce(text: string, separator: string): [string, string] {
  const index = text.indexOf(separator);
  return index < 0 ? [text, ''] : [text.slice(0, index), text.slice(index + 1)];
}
