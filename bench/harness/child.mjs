import { spawn } from 'node:child_process';

/** The most of what a child wrote to its stderr that is kept to tell of its end, in characters. */
const MAX_WORDS = 4000;

/**
 * Starts a Node process that answers commands (app/answer-commands.mjs).
 *
 * @param file - what it runs
 * @param options - `cores`: those it may use; `flags` of Node's; `cwd`, `env`; `onMessage`: called with what it says unasked
 * @returns `ask(command, argument)`, `ended`: rejects when it ends by itself, and `kill()`
 */
export function startChild(file, { cores, flags = [], cwd, env, onMessage }) {
  const pinned = cores === undefined ? [] : ['taskset', '-c', cores];
  const [program, ...args] = [...pinned, process.execPath, ...flags, file];
  const child = spawn(program, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let words = '';
  let isWanted = true;
  let lastId = 0;
  const waiting = new Map();
  child.stderr.setEncoding('utf8').on('data', (text) => {
    words = (words + text).slice(-MAX_WORDS);
  });
  child.on('message', (message) => {
    if (message.id === undefined) return onMessage?.(message);
    const { resolve, reject } = waiting.get(message.id);
    waiting.delete(message.id);
    if (message.error === undefined) resolve(message.result);
    else reject(new Error(message.error));
  });
  const closed = new Promise((resolve) => child.once('close', resolve));
  const ended = new Promise((_, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      const error = new Error(`${file} ended (${code ?? signal}): ${words}`);
      if (isWanted) reject(error);
      for (const { reject: fail } of waiting.values()) fail(error);
    });
  });
  ended.catch(() => undefined);
  return {
    ended,
    ask: (command, argument) =>
      new Promise((resolve, reject) => {
        lastId += 1;
        waiting.set(lastId, { resolve, reject });
        child.send({ id: lastId, command, argument }, (error) => error && reject(error));
      }),
    kill: () => {
      isWanted = false;
      child.kill('SIGKILL');
      return closed;
    },
  };
}
