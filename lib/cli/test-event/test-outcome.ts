import type { Dsn } from '../../protocol/dsn';
import { proxySecrets } from '../../transport/proxy-secrets';
import { proxyVariables } from '../../transport/proxy-variables';
import { safeText } from '../../transport/safe-text';
import { docsLink } from '../docs-link';
import { answerFailure } from './answer-failure';
import { answeredId } from './answered-id';
import type { Failure } from './failure';
import { networkFailure, timeoutFailure } from './network-failure';
import type { SentEvent } from './send-test-event';

/** What is told of a test event; the object that `--json` prints, next to the settings. */
export interface TestOutcome {
  isDelivered: boolean;
  /** As it was sent; null where nothing was. */
  eventId: string | null;
  /** Of the server's answer; absent where none came. */
  status?: number;
  /** As the server answered it; absent where it says none. */
  answeredId?: string;
  /** From the request to its answer, or its failure. */
  tookMs?: number;
  /** Why it did not arrive. */
  failure?: Failure & {
    /** Where the docs say more. */
    link: string;
  };
}

/** What is known of the run. */
export interface OutcomeSurroundings {
  dsn: Dsn;
  env: NodeJS.ProcessEnv;
  timeoutS: number;
  folder: string;
}

/** What became of a test event, in words that hold no secret. */
export function testOutcome(
  { eventId, observation }: SentEvent,
  surroundings: OutcomeSurroundings,
): TestOutcome {
  const failure = failureOf(observation, surroundings);
  const answer = observation?.answer;
  const id = answer && failure === undefined ? answeredId(answer) : undefined;
  return {
    isDelivered: failure === undefined,
    eventId,
    ...(answer && { status: answer.status }),
    ...(id !== undefined && { answeredId: id }),
    ...(observation && { tookMs: observation.tookMs }),
    ...(failure && {
      failure: { ...failure, link: docsLink(surroundings.folder, 'when-it-does-not-arrive') },
    }),
  };
}

function failureOf(
  observation: SentEvent['observation'],
  { dsn, env, timeoutS }: OutcomeSurroundings,
): Failure | undefined {
  if (!observation) return NOT_SENT;
  const secrets = [dsn.secretKey ?? '', dsn.publicKey, ...proxySecrets(undefined, env)];
  const safe = (text: string): string => safeText(text, secrets);
  const { answer, error, isGivenUp } = observation;
  if (answer) return answerFailure(answer, { dsn, secrets, safe, nowMs: Date.now() });
  const network = { dsn, hasProxy: proxyVariables(env).length > 0, safe };
  return isGivenUp ? timeoutFailure(timeoutS, network) : networkFailure(error, network);
}

const NOT_SENT: Failure = {
  kind: 'not-sent',
  message: 'no request was made',
  advice: ['The standard error has what the client says of it. Please report it: this should not happen.'],
};
