import { DSN, NOW_MS } from './spools';

/**
 * A script with a `spool` on the directory that is its first argument, for a folder of `compileTransport`.
 *
 * @param source - the body of an async function that has `spool`, `content(n, size)` and `say(value)`
 */
export function childScript(source: string): string {
  return `
    const fs = require('node:fs');
    const { encodeItems } = require('./protocol/envelope.js');
    const { setTimer } = require('./transport/set-timer.js');
    const { Spool } = require('./transport/spool/spool.js');
    const say = (value) => fs.writeSync(1, value + '\\n');
    const spool = new Spool({
      directory: process.argv[2],
      maxBytes: 10_000_000,
      maxAgeMs: 86_400_000,
      publicDsn: '${DSN}',
      logger: { debug() {}, warn: (message) => say('warn: ' + message), error: (message) => say('error: ' + message) },
      wallClock: () => ${NOW_MS},
      now: () => performance.now(),
      setTimer,
      lost: (loss) => say('lost ' + loss.reason),
    });
    function content(n, size) {
      const event_id = n.toString(16).padStart(32, '0');
      const item = { headers: { type: 'event' }, payload: { event_id, pad: 'x'.repeat(size) } };
      return { headers: { event_id }, items: encodeItems({ headers: {}, items: [item] }), rank: 24, createdMs: ${NOW_MS} };
    }
    (async () => {
      await spool.open();
      ${source}
    })();
  `;
}
