import { spawn } from 'node:child_process';
import { createServer } from 'node:net';

const READY_WITHIN_MS = 20_000;
const RETRY_MS = 50;

/** A TCP port on loopback that is free now. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** Starts `node ...args`; see {@link startProgram}. */
export function startNode(args, options) {
  return startProgram(process.execPath, args, options);
}

/**
 * Starts a program and resolves when `readyUrl` answers.
 *
 * @returns `stop()`, and `ended`: a promise of the exit code
 */
export async function startProgram(program, args, { env = {}, readyUrl, name }) {
  const output = [];
  const child = spawn(program, args, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stdout.on('data', (chunk) => output.push(chunk));
  child.stderr.on('data', (chunk) => output.push(chunk));
  const ended = new Promise((resolve) => child.once('exit', (code) => resolve(code ?? 1)));

  const deadline = Date.now() + READY_WITHIN_MS;
  while (!(await answers(readyUrl))) {
    if (child.exitCode !== null || Date.now() > deadline) {
      child.kill('SIGKILL');
      throw new Error(`${name} did not start:\n${Buffer.concat(output).toString()}`);
    }
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
  return {
    ended,
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

async function answers(url) {
  try {
    await fetch(url);
    return true;
  } catch {
    return false;
  }
}
