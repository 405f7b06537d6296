import { spawnSync } from 'node:child_process';
import { ownFile } from '../own-file';
import type { Delivery } from './delivery';
import type { HttpTarget } from './http-target';

/** What the child is told on its standard input, as JSON; bytes are base64. */
export interface ChildTask {
  target: HttpTarget;
  timeoutMs: number;
  deliveries: {
    headers: Delivery['headers'];
    quantity: number;
    items: { type: string; bytes: string; payloadLength: number }[];
  }[];
}

const CERTIFICATE_FLAG = /^--(?:use-(?:openssl|bundled|system)-ca|tls-[a-z0-9.=:!+-]+)$/i;

/**
 * Delivers while nothing asynchronous runs any more: a child process makes one attempt for each, and this one waits.
 * Keys go over the child's standard input, not over its arguments.
 *
 * Never throws: where there is no such script (a bundle), or no process may be started, nothing is delivered.
 *
 * @param timeoutMs - how long at most; 0 does nothing
 * @returns how many things arrived
 */
export function deliverInChild(
  target: HttpTarget,
  deliveries: readonly Pick<Delivery, 'headers' | 'items' | 'quantity'>[],
  timeoutMs: number,
): number {
  try {
    if (!(timeoutMs > 0)) return 0;
    const script = ownFile('transport/child-sender.js');
    if (script === undefined) return 0;
    const task: ChildTask = {
      target,
      timeoutMs,
      deliveries: deliveries.map(({ headers, items, quantity }) => ({
        headers,
        quantity,
        items: items.map(({ type, bytes, payload }) => ({
          type,
          bytes: bytes.toString('base64'),
          payloadLength: payload.byteLength,
        })),
      })),
    };
    // What the app preloads has no business here; which certificates are accepted has.
    const { NODE_OPTIONS: given = '', ...env } = process.env;
    const flags = [...given.split(/\s+/), ...process.execArgv].filter((flag) => CERTIFICATE_FLAG.test(flag));
    const { stdout } = spawnSync(process.execPath, [...flags, script], {
      input: JSON.stringify(task),
      timeout: Math.ceil(timeoutMs),
      killSignal: 'SIGKILL',
      stdio: ['pipe', 'pipe', 'ignore'],
      env: { ...env, ELECTRON_RUN_AS_NODE: '1' },
      windowsHide: true,
    });
    // One line each, so that what arrived before the time was up counts.
    return stdout
      .toString()
      .split('\n')
      .reduce((sum, line) => sum + (Number.parseInt(line, 10) || 0), 0);
  } catch {
    return 0;
  }
}
