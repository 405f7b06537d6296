/** What a scripted server does with requests, with connections or with its port. */
export type Behaviour =
  | { kind: 'healthy' }
  /** One answer to everything. */
  | { kind: 'answer'; status: number; headers?: Record<string, string> }
  /** The answer begins after half of the time, and its body comes byte by byte. */
  | { kind: 'slow'; takesMs: number }
  /** No answer, until the next phase: `reset` destroys the connections then, `answer` answers late, `leave` never does. */
  | { kind: 'hang'; finally: 'reset' | 'answer' | 'leave' }
  /** Takes no new connections; those that are open are served. */
  | { kind: 'refuse' }
  /** Takes no new connections, and those that are open are destroyed. */
  | { kind: 'vanish' }
  /** Resets connections at once, in the middle of a request, or in the middle of a 200. */
  | { kind: 'reset'; during: 'connect' | 'request' | 'answer' }
  /** `bytes` are no HTTP; `page` is a 200 with somebody else's HTML, `endless` a 200 that does not end. */
  | { kind: 'garbage'; what: 'bytes' | 'page' | 'endless' }
  /** Healthy, but each connection is closed behind an answer that promised to keep it. */
  | { kind: 'closeIdle'; afterMs: number }
  /** Over TLS the certificate is another host's; without TLS as `vanish`. */
  | { kind: 'wrongCertificate' };

/** As the value of a header: the date, in HTTP's form, a second after the answer. */
export const DATE_IN_A_SECOND = '(the date in 1 s)';

/** A behaviour for a while. */
export interface Phase {
  behaviour: Behaviour;
  durationMs: number;
}

/** What a server knows of the events that came: by id, how often each thing happened. */
export interface Ledger {
  /** Answered 2xx. The client may not have got the answer. */
  accepted: Record<string, number>;
  /** Answered 3xx or 4xx: the statuses. */
  refused: Record<string, number[]>;
  /** What client reports told, by reason. */
  reported: Record<string, number>;
  /** What could not be read, and why. */
  malformed: string[];
  requests: number;
}

/** One line about a behaviour, for the name of a run. */
export function describeBehaviour(behaviour: Behaviour): string {
  switch (behaviour.kind) {
    case 'answer':
      return [
        String(behaviour.status),
        ...Object.entries(behaviour.headers ?? {}).map(([name, value]) => `${name}: ${value}`),
      ].join(' ');
    case 'slow':
      return `slow by ${behaviour.takesMs} ms`;
    case 'hang':
      return `hang, then ${behaviour.finally}`;
    case 'reset':
      return `reset during ${behaviour.during}`;
    case 'garbage':
      return `garbage (${behaviour.what})`;
    case 'closeIdle':
      return `close idle sockets after ${behaviour.afterMs} ms`;
    default:
      return behaviour.kind;
  }
}
