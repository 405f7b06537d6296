import { Agent, request } from 'node:http';

const agent = new Agent({ keepAlive: true, maxSockets: 8, scheduling: 'lifo' });

/** As little as node:http takes: one POST over a connection that is kept. Resolves to the status. */
export function leanPost(url, body, isPacked) {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/x-sentry-envelope', 'content-length': body.length };
    if (isPacked) headers['content-encoding'] = 'gzip';
    request(url, { agent, method: 'POST', headers }, (answer) => {
      answer.resume().on('end', () => resolve(answer.statusCode));
    })
      .on('error', reject)
      .end(body);
  });
}
