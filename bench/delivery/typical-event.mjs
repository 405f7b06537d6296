// An event of a given size, of what events are made of: most of one is frames with real lines of code.
import { readdirSync, readFileSync } from 'node:fs';

const FOLDER = new URL('../../dist/client/', import.meta.url);
const AROUND = 5;

/** @returns an event whose JSON is about as long as `bytes` */
export function typicalEvent(bytes) {
  const frames = [];
  const event = {
    event_id: 'c'.repeat(32),
    timestamp: 1_800_000_000.123,
    platform: 'node',
    level: 'error',
    server_name: 'orders-7d9c',
    tags: { tenant: 'acme', area: 'orders', plan: 'pro' },
    user: { id: '17' },
    exception: { values: [{ type: 'TypeError', value: 'order 17 has no customer', stacktrace: { frames } }] },
  };
  const files = readdirSync(FOLDER).filter((name) => name.endsWith('.js'));
  for (let index = 0; JSON.stringify(event).length < bytes; index++) {
    const name = files[index % files.length];
    const lines = readFileSync(new URL(name, FOLDER), 'utf8').split('\n');
    const line = AROUND + ((index * 7) % Math.max(1, lines.length - 2 * AROUND));
    frames.push({
      function: `Orders.step${index}`,
      filename: `src/client/${name}`,
      abs_path: `/srv/app/src/client/${name}`,
      module: `src.client.${name}`,
      in_app: index % 3 === 0,
      lineno: line + 1,
      colno: 9,
      pre_context: lines.slice(line - AROUND, line),
      context_line: lines[line] ?? '',
      post_context: lines.slice(line + 1, line + 1 + AROUND),
    });
  }
  return event;
}
