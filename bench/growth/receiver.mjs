// A server that takes every envelope and counts the events in them, in a process of its own: it says its port to the
// process that forked it, and answers to any message with the number of events so far, each counted once.
import { createServer } from 'node:http';
import { gunzipSync } from 'node:zlib';

const ids = new Set();

/** The id of the event in an envelope; undefined for what is no event, such as a client report. */
function eventIdOf(envelope) {
  const [header, itemHeader] = envelope.toString('utf8').split('\n', 2);
  return JSON.parse(itemHeader).type === 'event' ? JSON.parse(header).event_id : undefined;
}

const server = createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    const body = Buffer.concat(chunks);
    const id = eventIdOf(request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body);
    if (id) ids.add(id);
    response.setHeader('Content-Type', 'application/json').end('{}');
  });
});

server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
process.on('message', () => process.send({ events: ids.size }));
process.on('disconnect', () => process.exit());
