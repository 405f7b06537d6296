import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../support/free-port';

const RETRY_MS = 50;
const START_WITHIN_MS = 30_000;

/** A Redis that a test can kill, stop and start again on the same port, with a folder of its own. */
export class RedisServer {
  private child?: ChildProcess;

  private constructor(
    readonly port: number,
    private readonly folder: string,
    private readonly args: string[],
  ) {}

  /** @param args - options of redis-server; without any it keeps nothing on disk */
  static async start(args: string[] = []): Promise<RedisServer> {
    const folder = mkdtempSync(join(tmpdir(), 'nestjs-raven-redis-'));
    const server = new RedisServer(await freePort(), folder, args);
    await server.startAgain();
    return server;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  async startAgain(): Promise<void> {
    const args = ['--port', String(this.port), '--bind', '127.0.0.1', '--save', '', '--dir', this.folder];
    this.child = spawn('redis-server', [...args, ...this.args], { stdio: 'ignore' });
    const failed = new Promise<never>((_, reject) => {
      this.child?.once('error', reject);
      this.child?.once('exit', () =>
        reject(new Error('redis-server did not start: is it installed? (see CONTRIBUTING)')),
      );
    });
    failed.catch(() => undefined);
    const deadline = Date.now() + START_WITHIN_MS;
    while (!(await Promise.race([this.answers(), failed]))) {
      if (Date.now() > deadline) throw new Error('redis-server does not answer');
      await new Promise((again) => setTimeout(again, RETRY_MS));
    }
  }

  /** Ends it as a power failure would. */
  async kill(): Promise<void> {
    const { child } = this;
    if (child?.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
  }

  /** From now on it takes connections and answers nothing, until {@link thaw}. */
  freeze(): void {
    this.child?.kill('SIGSTOP');
  }

  thaw(): void {
    this.child?.kill('SIGCONT');
  }

  async remove(): Promise<void> {
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private answers(): Promise<boolean> {
    return new Promise((resolve) => {
      const socket = connect(this.port, '127.0.0.1', () => socket.write('PING\r\n'));
      const settle = (answers: boolean): void => {
        socket.destroy();
        resolve(answers);
      };
      // A password is asked for, or it loads what it has on disk: not before that is done it says PONG or NOAUTH.
      socket.once('data', (answer) => settle(/PONG|NOAUTH/.test(answer.toString())));
      socket.once('error', () => settle(false));
    });
  }
}
