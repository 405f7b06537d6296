import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { startNode } from './background-process.mjs';

const CLI = fileURLToPath(new URL('../node_modules/@spotlightjs/spotlight/dist/run.js', import.meta.url));

/** Starts the real Spotlight on a port. @returns its `url`, a `dsn` that sends to it, `events()`, `stop()` */
export async function startSpotlight(port) {
  const url = `http://localhost:${port}`;
  const server = await startNode([CLI, 'server', '-p', String(port)], {
    readyUrl: `${url}/health`,
    name: 'Spotlight',
  });
  return {
    ...server,
    url,
    dsn: `http://public@localhost:${port}/1`,
    events: () => readEvents(url),
  };
}

/**
 * Reads back the events that Spotlight has, by the stream that its own page reads. An event of our own is sent
 * first: what came before it is all there is.
 */
async function readEvents(url) {
  const end = randomUUID().replaceAll('-', '');
  const lines = [{ event_id: end }, { type: 'event' }, { event_id: end, message: 'end' }];
  await fetch(`${url}/api/1/envelope/`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-sentry-envelope' },
    body: lines.map((line) => JSON.stringify(line)).join('\n'),
  });
  const events = [];
  const decoder = new TextDecoder();
  const response = await fetch(`${url}/stream`, { signal: AbortSignal.timeout(10_000) });
  let rest = '';
  for await (const chunk of response.body) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop();
    for (const line of lines) {
      if (!line.startsWith('data: [')) continue;
      const [, items] = JSON.parse(line.slice('data: '.length));
      for (const [header, payload] of items) {
        if (payload.event_id === end) return events;
        if (header.type === 'event') events.push(payload);
      }
    }
  }
  throw new Error('Spotlight ended its stream');
}
