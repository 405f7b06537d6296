import { createServer } from 'node:http';
import { gunzipSync } from 'node:zlib';

/** A server that takes events. @returns its DSN, the `events` and `others` that arrived, and `close()` */
export async function startEventReceiver() {
  const events = [];
  const others = [];
  const server = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const text = (request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body).toString();
    const [, item, payload] = text.split('\n');
    if (JSON.parse(item).type === 'event') events.push(JSON.parse(payload));
    else others.push(payload);
    response.end('{}');
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    dsn: `http://public@127.0.0.1:${server.address().port}/1`,
    events,
    others,
    close: () => server.close(),
  };
}
