import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port';

/** A real broker, or another server, on a free port of loopback until it is stopped. */
export interface Broker {
  port: number;
  stop(): Promise<void>;
}

const START_WITHIN_MS = 60_000;
const RETRY_MS = 100;

/**
 * Starts a program and resolves when its port answers.
 *
 * @param command - gives the program and its arguments for a port and a folder of its own
 */
export async function startProgram(
  command: (
    port: number,
    folder: string,
  ) => Promise<{ program: string; args: string[]; env?: NodeJS.ProcessEnv }>,
): Promise<Broker> {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'nestjs-raven-broker-'));
  // Debian's RabbitMQ runs as a user of its own, whoever starts it.
  chmodSync(folder, 0o777);
  const { program, args, env = {} } = await command(port, folder);
  const child = spawn(program, args, {
    cwd: folder,
    env: { ...process.env, ...env },
    stdio: 'ignore',
    detached: true,
  });
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  const stop = async (): Promise<void> => {
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGTERM');
    await ended;
    // What changed its user and its group on the way says in a file who it is.
    const pidFile = join(folder, 'pid');
    if (existsSync(pidFile)) await terminated(Number(readFileSync(pidFile, 'utf8')));
    rmSync(folder, { recursive: true, force: true });
  };
  const deadline = Date.now() + START_WITHIN_MS;
  while (!(await answers(port))) {
    if (child.exitCode !== null || child.pid === undefined || Date.now() > deadline) {
      await stop();
      throw new Error(`${program} did not start: is it installed? (see CONTRIBUTING)`);
    }
    await new Promise((again) => setTimeout(again, RETRY_MS));
  }
  return { port, stop };
}

async function terminated(pid: number): Promise<void> {
  for (let signal: NodeJS.Signals | 0 = 'SIGTERM'; ; signal = 0) {
    try {
      process.kill(pid, signal);
    } catch {
      return;
    }
    await new Promise((again) => setTimeout(again, RETRY_MS));
  }
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

export function startRedis(): Promise<Broker> {
  return startProgram(async (port) => ({
    program: 'redis-server',
    args: ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'],
  }));
}

export function startNats(): Promise<Broker> {
  return startProgram(async (port) => ({
    program: 'nats-server',
    args: ['-a', '127.0.0.1', '-p', String(port)],
  }));
}

export function startMosquitto(): Promise<Broker> {
  return startProgram(async (port, folder) => {
    const file = join(folder, 'mosquitto.conf');
    writeFileSync(file, `listener ${port} 127.0.0.1\nallow_anonymous true\n`);
    return { program: 'mosquitto', args: ['-c', file] };
  });
}

export function startRabbitmq(): Promise<Broker> {
  return startProgram(async (port, folder) => ({
    program: 'rabbitmq-server',
    args: [],
    env: {
      HOME: folder,
      RABBITMQ_NODENAME: `raven${port}@localhost`,
      RABBITMQ_NODE_IP_ADDRESS: '127.0.0.1',
      RABBITMQ_NODE_PORT: String(port),
      RABBITMQ_DIST_PORT: String(await freePort()),
      RABBITMQ_MNESIA_BASE: join(folder, 'mnesia'),
      RABBITMQ_LOG_BASE: join(folder, 'log'),
      RABBITMQ_PID_FILE: join(folder, 'pid'),
      RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, 'enabled_plugins'),
    },
  }));
}
