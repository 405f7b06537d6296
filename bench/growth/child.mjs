import { fork } from 'node:child_process';
import { once } from 'node:events';

/**
 * A process that answers: its first message says that it is ready, and each later one is the answer to one of ours.
 *
 * @param options - of `fork`; what the process prints goes to our stderr
 */
export async function startChild(script, args = [], options = {}) {
  const child = fork(script, args, { stdio: ['ignore', 2, 2, 'ipc'], ...options });
  const answer = async () => {
    const ended = new AbortController();
    const [message] = await Promise.race([
      once(child, 'message', { signal: ended.signal }),
      once(child, 'exit', { signal: ended.signal }).then(([code]) => {
        throw new Error(`${script} ended with ${code}`);
      }),
    ]).finally(() => ended.abort());
    return message;
  };
  return {
    ready: await answer(),
    async ask(message) {
      const answered = answer();
      child.send(message);
      return answered;
    },
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
  };
}
