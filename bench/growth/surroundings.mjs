import { fileURLToPath } from 'node:url';
import { startChild } from '../harness/child.mjs';
import { CORES } from '../harness/cores.mjs';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/**
 * Receiver and load, each in a process of its own.
 *
 * @returns both children, the `dsn` of the receiver, and `close()`
 */
export async function startSurroundings() {
  const receiver = await start('../harness/receiver.mjs', { cores: CORES?.others });
  const load = await start('load.mjs', { cores: CORES?.others });
  return {
    receiver,
    load,
    dsn: `http://public@127.0.0.1:${receiver.said.listening}/1`,
    close: () => Promise.all([load.kill(), receiver.kill()]),
  };
}

/** A child, with the first that it `said`: that it is ready. */
export async function start(file, options) {
  let child;
  const ready = new Promise((resolve) => {
    child = startChild(here(file), { ...options, onMessage: resolve });
  });
  try {
    const said = await Promise.race([ready, child.ended]);
    return { ...child, said };
  } catch (error) {
    await child.kill();
    throw error;
  }
}
