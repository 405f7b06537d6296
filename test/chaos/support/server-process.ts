import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import type { Ledger, Phase } from '../server/behaviour';
import type { Order } from '../server/main';

/** The certificate that an app has to trust, for servers over TLS. @param folder - of the built programs */
export function trustedCertificate(folder: string): string {
  return join(folder, 'certificates/authority.cert.pem');
}

type OrderWithoutCall = Order extends infer Each ? (Each extends Order ? Omit<Each, 'call'> : never) : never;

/** The process of the scripted servers. */
export class ServerProcess {
  readonly #child: ChildProcess;
  readonly #calls = new Map<number, { resolve: (result: unknown) => void; reject: (error: Error) => void }>();
  #lastCall = 0;

  /** @param folder - of the built programs */
  constructor(folder: string) {
    this.#child = fork(join(folder, 'test/chaos/server/main.js'), [join(folder, 'certificates')], {
      execArgv: [],
    });
    this.#child.on(
      'message',
      ({ call, result, error }: { call: number; result?: unknown; error?: string }) => {
        const waiting = this.#calls.get(call);
        this.#calls.delete(call);
        if (error === undefined) waiting?.resolve(result);
        else waiting?.reject(new Error(error));
      },
    );
    this.#child.once('exit', (code) => {
      for (const { reject } of this.#calls.values()) reject(new Error(`the servers ended with ${code}`));
    });
  }

  /** A new server, healthy. */
  async open(tls = false): Promise<RunningServer> {
    const port = (await this.#ask({ kind: 'open', tls })) as number;
    return {
      dsn: `${tls ? 'https' : 'http'}://public@127.0.0.1:${port}/1`,
      play: (phases) => this.#ask({ kind: 'play', port, phases }) as Promise<void>,
      ledger: () => this.#ask({ kind: 'ledger', port }) as Promise<Ledger>,
      close: () => this.#ask({ kind: 'close', port }) as Promise<void>,
    };
  }

  end(): void {
    this.#child.disconnect();
  }

  #ask(order: OrderWithoutCall): Promise<unknown> {
    const call = ++this.#lastCall;
    return new Promise((resolve, reject) => {
      this.#calls.set(call, { resolve, reject });
      this.#child.send({ ...order, call });
    });
  }
}

/** One of the servers. */
export interface RunningServer {
  dsn: string;
  /** Begins with the first phase when the promise resolves; the last one stays. */
  play(phases: Phase[]): Promise<void>;
  ledger(): Promise<Ledger>;
  close(): Promise<void>;
}
