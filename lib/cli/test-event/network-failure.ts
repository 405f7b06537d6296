import type { Dsn } from '../../protocol/dsn';
import { PROXY_WANTS_CREDENTIALS } from '../../transport/tunnel-agent';
import type { Failure, FailureKind } from './failure';
import { tlsAdvice } from './tls-advice';

/** What is known beside the error. */
export interface NetworkSurroundings {
  dsn: Pick<Dsn, 'scheme' | 'host' | 'port'>;
  /** Whether the environment names a proxy. */
  hasProxy: boolean;
  /** Makes a text from outside fit to be shown. */
  safe: (text: string) => string;
}

/** The parts of Node's errors that tell what failed. */
interface NetworkError {
  code: string;
  message: string;
  /** The name that was looked up. */
  hostname?: string;
  port?: number;
}

const KINDS: ReadonlyMap<string, FailureKind> = new Map<string, FailureKind>([
  ['ENOTFOUND', 'dns'],
  ['EAI_AGAIN', 'dns'],
  ['ECONNREFUSED', 'refused'],
  ['EHOSTUNREACH', 'unreachable'],
  ['ENETUNREACH', 'unreachable'],
  ['EADDRNOTAVAIL', 'unreachable'],
  ['ETIMEDOUT', 'timeout'],
  ['ECONNRESET', 'closed'],
  ['EPIPE', 'closed'],
]);
const TLS =
  /^(?:EPROTO|CERT_|ERR_TLS_|ERR_SSL_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|HOSTNAME_MISMATCH|INVALID_)/;

/** Says of an error of the network what it was, and what to do. */
export function networkFailure(error: unknown, surroundings: NetworkSurroundings): Failure {
  const read = readError(error);
  const { dsn, safe } = surroundings;
  // OpenSSL's and Node's may end in a colon, behind which there is nothing.
  const what = safe(read.message || read.code).replace(/[:\s]+$/, '') || 'unknown error';
  const server = `${dsn.host}${dsn.port ? `:${dsn.port}` : ''}`;
  const kind = kindOf(read, surroundings);
  return {
    kind,
    message: `${MEANING[kind] ?? 'the request failed'}: ${what}`,
    advice: adviceFor(kind, read, server),
  };
}

/** Given up after its time. */
export function timeoutFailure(timeoutS: number, { dsn, hasProxy }: NetworkSurroundings): Failure {
  return {
    kind: 'timeout',
    message: `no answer within ${timeoutS} s`,
    advice: adviceFor('timeout', { code: '', message: '' }, dsn.host).concat(
      hasProxy ? ['A proxy is set: ask whether it lets this host through.'] : [],
    ),
  };
}

const MEANING: Partial<Record<FailureKind, string>> = {
  dns: 'the name of the server was not found',
  refused: 'nothing listens at the port of the server',
  unreachable: 'there is no way to the server',
  tls: 'no TLS connection that can be trusted',
  proxy: 'the proxy did not let it through',
  timeout: 'the server did not answer in time',
  closed: 'the connection was closed before an answer',
};

function kindOf(error: NetworkError, { dsn, hasProxy }: NetworkSurroundings): FailureKind {
  const { code, message, hostname, port } = error;
  if (message === PROXY_WANTS_CREDENTIALS || message.startsWith('the proxy answered')) return 'proxy';
  const dsnPort = Number(dsn.port ?? (dsn.scheme === 'https' ? 443 : 80));
  const isElsewhere =
    (hostname !== undefined && hostname !== dsn.host) || (port !== undefined && port !== dsnPort);
  if (hasProxy && isElsewhere) return 'proxy';
  if (TLS.test(code)) return 'tls';
  return KINDS.get(code) ?? (/hang up|without an answer/.test(message) ? 'closed' : 'other-error');
}

function adviceFor(kind: FailureKind, { code }: NetworkError, server: string): string[] {
  switch (kind) {
    case 'dns':
      return [
        `Look at the host of the DSN, ${server}: is it spelled as your server is called?`,
        'Ask from the same machine or container: its resolver may know fewer names than yours does.',
        ...(code === 'EAI_AGAIN'
          ? ['The resolver did not answer: try again, then look at its settings.']
          : []),
      ];
    case 'refused':
      return [
        'Is the server running, and is the port of the DSN the one it listens at?',
        'In a container localhost is the container itself: name the host or the service there.',
      ];
    case 'unreachable':
      return ['Look at the network and the firewall between this machine and the server.'];
    case 'timeout':
      return [
        'A firewall may drop what goes there: try the same address with another program from this machine.',
        'Where only a proxy leads outside, set HTTPS_PROXY (HTTP_PROXY for a DSN of http).',
        'A server that is only slow: --timeout 30.',
      ];
    case 'tls':
      return tlsAdvice(code);
    case 'proxy':
      return [
        'Look at HTTPS_PROXY and HTTP_PROXY: host, port, user and password.',
        `Where ${server} can be reached without a proxy, name it in NO_PROXY.`,
        'Ask who runs the proxy whether it lets CONNECT to this host and port through.',
      ];
    case 'closed':
      return [
        'Look at the log of the server, and of a proxy before it, at this time.',
        'Does the port speak the scheme of the DSN? A port of https closes connections of http, and the other way round.',
      ];
    default:
      return ['Look at the address in the DSN, and at the network of this machine.'];
  }
}

/** The first in a chain of causes, and of several attempts the first, has it. What was thrown may be anything. */
function readError(error: unknown): NetworkError {
  const chain = [error, read(error, 'cause'), (read(error, 'errors') as unknown[] | undefined)?.[0]];
  const first = <T>(name: string, isFit: (value: unknown) => value is T): T | undefined =>
    chain.map((link) => read(link, name)).find(isFit);
  const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';
  const isNumber = (value: unknown): value is number => typeof value === 'number';
  return {
    code: first('code', isText) ?? '',
    message: first('message', isText) ?? '',
    hostname: first('hostname', isText),
    port: first('port', isNumber),
  };
}

function read(holder: unknown, key: string): unknown {
  return typeof holder === 'object' && holder !== null ? (holder as Record<string, unknown>)[key] : undefined;
}
