// The server that events go to, in a process of its own: takes everything, or misbehaves when its parent says so.
import { createServer } from 'node:http';

/** `ok`, `limiting` (429), `hanging` (takes all, never answers), `dead` (refuses connections). */
let mode = 'ok';
let requests = 0;
let port = 0;
const server = createServer((request, response) => {
  request.resume().on('end', () => {
    requests += 1;
    if (mode === 'hanging') return;
    const status = mode === 'limiting' ? 429 : 200;
    response.writeHead(status, { 'content-type': 'application/json', 'retry-after': '1' }).end('{}');
  });
});
const listen = () =>
  new Promise((resolve) => server.listen(port, '127.0.0.1', () => resolve(server.address().port)));

port = await listen();
process.on('message', async (message) => {
  if (message.mode !== undefined && message.mode !== mode) {
    const wasDead = mode === 'dead';
    mode = message.mode;
    if (mode === 'dead') server.close();
    server.closeAllConnections();
    if (wasDead) await listen();
  }
  process.send({ requests });
});
process.on('disconnect', () => process.exit());
process.send({ port });
