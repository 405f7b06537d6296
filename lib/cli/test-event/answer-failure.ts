import type { Dsn } from '../../protocol/dsn';
import { parseRateLimits } from '../../protocol/rate-limits';
import { parseRetryAfter } from '../../protocol/retry-after';
import type { HttpAnswer } from '../../transport/http-client';
import { readAnswer } from '../../transport/read-answer';
import { PROXY_WANTS_CREDENTIALS } from '../../transport/tunnel-agent';
import type { Failure, FailureKind } from './failure';
import { isWebPage } from './web-page';

/** What is known beside the answer. */
export interface AnswerSurroundings {
  dsn: Dsn;
  /** What must not be shown. */
  secrets: readonly string[];
  /** Makes a text from outside fit to be shown. */
  safe: (text: string) => string;
  /** Milliseconds since the epoch. */
  nowMs: number;
}

const WEB_PAGE =
  'The answer is a web page, as no server of errors gives one to a client: something else answered.';
/** Answers that servers and proxies give pages for although the address is right. */
const PAGES_THAT_FIT = new Set([401, 403, 413, 429]);

/** Says of an answer why it does not take the event, and what to do; undefined where it does. */
export function answerFailure(answer: HttpAnswer, surroundings: AnswerSurroundings): Failure | undefined {
  const { status } = answer;
  const isPage = isWebPage(answer);
  if (status >= 200 && status < 300 && !isPage) return undefined;
  const kind = kindOf(status, isPage);
  const advice = adviceFor(kind, answer, surroundings);
  const isStrange = isPage && kind !== 'no-sentry' && kind !== 'proxy';
  return {
    kind,
    message: messageOf(kind, answer, surroundings),
    advice: isStrange ? [...advice, WEB_PAGE] : advice,
  };
}

function kindOf(status: number, isPage: boolean): FailureKind {
  if (status === 407) return 'proxy';
  if (status >= 500) return 'server-error';
  if (isPage && !PAGES_THAT_FIT.has(status) && (status < 300 || status >= 400)) return 'no-sentry';
  if (status >= 300 && status < 400) return 'redirected';
  return BY_STATUS.get(status) ?? 'other-answer';
}

const BY_STATUS: ReadonlyMap<number, FailureKind> = new Map<number, FailureKind>([
  [400, 'malformed'],
  [401, 'key'],
  [403, 'forbidden'],
  [404, 'not-found'],
  [413, 'too-large'],
  [429, 'limited'],
]);

function messageOf(
  kind: FailureKind,
  answer: HttpAnswer,
  { secrets, safe, nowMs }: AnswerSurroundings,
): string {
  if (kind === 'proxy') return PROXY_WANTS_CREDENTIALS;
  const { status, header } = answer;
  const { reason } = readAnswer(answer, () => secrets);
  const said = `the server answered ${status}${reason ? ` (${reason})` : ''}`;
  if (kind === 'no-sentry') return `${said} with a web page: it is no server of errors`;
  if (kind === 'redirected')
    return `${said} and names another place: ${safe(header('location') ?? '') || 'none'}`;
  if (kind !== 'limited' && kind !== 'server-error') return said;
  const waitS = waitOf(answer, nowMs);
  return waitS === undefined ? said : `${said} and asks to wait ${waitS} s`;
}

/** The longest that the answer asks for. */
function waitOf({ header }: HttpAnswer, nowMs: number): number | undefined {
  const limits = parseRateLimits(header('x-sentry-rate-limits') ?? '').map(({ retryAfterS }) => retryAfterS);
  const retryAfterS = parseRetryAfter(header('retry-after'), nowMs);
  const waits = retryAfterS === undefined ? limits : [...limits, retryAfterS];
  return waits.length === 0 ? undefined : Math.max(...waits);
}

function adviceFor(kind: FailureKind, { status }: HttpAnswer, { dsn }: AnswerSurroundings): string[] {
  const project = `the project "${dsn.projectId}"`;
  switch (kind) {
    case 'proxy':
      return [
        'Look at user and password in HTTPS_PROXY and HTTP_PROXY; special characters are percent-encoded there.',
      ];
    case 'no-sentry':
      return [
        `Look at the host and the path of the DSN: events go to ${dsn.envelopeUrl}.`,
        'Copy the DSN again from the settings of the project; the address of the web page is not always that of the events.',
        'Where a proxy or an ingress stands before the server, it must pass /api/ on to it.',
      ];
    case 'redirected':
      return [
        'Redirects are not followed: the DSN should name the place itself.',
        'A server that sends http on to https needs a DSN of https.',
      ];
    case 'malformed':
      return [
        'Where it speaks of the DSN or the key: copy the DSN again, all of it. Sentry has keys of 32 hex digits, GlitchTip UUIDs.',
        `Does ${project} exist there? Some servers answer so for a project that they do not know.`,
        "Else the server may be too old for envelopes: the option protocol: 'store' is for those.",
      ];
    case 'key':
      return [
        'The server does not accept the key: copy the DSN again from the settings of the project.',
        `Is the key one of ${project}, and was it not revoked?`,
      ];
    case 'forbidden':
      return [
        'The key or the project is disabled, or the server filters what comes from here: look at its settings.',
        'A firewall before the server may refuse, too: look at its log.',
      ];
    case 'not-found':
      return [
        `Look at the path and ${project} in the DSN: the server knows nothing at ${dsn.envelopeUrl}.`,
        "A server that knows no envelopes needs the option protocol: 'store'.",
      ];
    case 'too-large':
      return [
        'Raise the limit of the proxy before the server (nginx: client_max_body_size), which is at least 1 MiB for events.',
        'Was --data large? Send less.',
      ];
    case 'limited':
      return [
        'The server takes no events of this project for now: its quota is used up, or a limit of the key is set too low.',
        'Wait, then try again; an app does so by itself, and counts what it does not send meanwhile.',
      ];
    case 'server-error':
      return [
        `The server is not well: look at its log${status === 502 || status === 504 ? ', and whether it runs behind its proxy' : ''}.`,
        'An app keeps its events meanwhile and sends them later.',
      ];
    default:
      return ['Look at the log of the server for this request.'];
  }
}
