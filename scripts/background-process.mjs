import { spawn } from 'node:child_process';
import { connect, createServer } from 'node:net';

const READY_WITHIN_MS = 60_000;
const RETRY_MS = 50;

/** Below those that systems give out by themselves: until it is used, nobody who asks for any port gets it. */
const FIRST_PORT = 10_000;
const PORT_COUNT = 10_000;
const givenPorts = new Set();

/** A TCP port on loopback that is free now. */
export async function freePort() {
  for (;;) {
    const port = FIRST_PORT + Math.floor(Math.random() * PORT_COUNT);
    if (givenPorts.has(port) || !(await isFree(port))) continue;
    givenPorts.add(port);
    return port;
  }
}

function isFree(port) {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error) => (error.code === 'EADDRINUSE' ? resolve(false) : reject(error)));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

/** Starts `node ...args`; see {@link startProgram}. */
export function startNode(args, options) {
  return startProgram(process.execPath, args, options);
}

/**
 * Starts a program and resolves when `readyUrl` answers (where it is not of HTTP: takes connections), or `readyLine` is
 * printed.
 *
 * @returns `stop()`, and `ended`: a promise of the exit code
 */
export async function startProgram(program, args, { cwd, env = {}, readyUrl, readyLine, name }) {
  const output = [];
  const child = spawn(program, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stdout.on('data', (chunk) => output.push(chunk));
  child.stderr.on('data', (chunk) => output.push(chunk));
  const ended = new Promise((resolve) => {
    child.once('exit', (code) => resolve(code ?? 1));
    child.once('error', (error) => {
      output.push(Buffer.from(error.message));
      resolve(1);
    });
  });
  const printed = () => Buffer.concat(output).toString();
  const isReady = () => (readyLine ? printed().includes(readyLine) : answers(readyUrl));

  const deadline = Date.now() + READY_WITHIN_MS;
  while (!(await isReady())) {
    if (child.pid === undefined || child.exitCode !== null || Date.now() > deadline) {
      child.kill('SIGKILL');
      throw new Error(`${name} did not start:\n${printed()}`);
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
  const { protocol, hostname, port } = new URL(url);
  if (protocol !== 'http:') return takesConnections(hostname, port);
  try {
    await fetch(url);
    return true;
  } catch {
    return false;
  }
}

function takesConnections(host, port) {
  return new Promise((resolve) => {
    const socket = connect({ host, port: Number(port) }, () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
