// Makes the load, in a process of its own: bodies of any size, and any number of connections.
import { Agent, request } from 'node:http';
import { answerCommands } from '../app/answer-commands.mjs';

answerCommands({ load });
process.send({ ready: true });

/**
 * Sends a fixed number of requests over so many connections, each with one request at a time.
 *
 * @param body - JSON text; with one it is a POST
 * @throws Error where an answer has another status than `status`
 */
async function load({ port, path, body, status, requests, connections }) {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const headers = body && { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) };
  const options = { agent, host: '127.0.0.1', port, path, method: body ? 'POST' : 'GET', headers };
  const send = () =>
    new Promise((resolve, reject) => {
      request(options, (response) => {
        if (response.statusCode !== status) reject(new Error(`${path} answered ${response.statusCode}`));
        response.on('end', resolve).on('error', reject).resume();
      })
        .on('error', reject)
        .end(body);
    });
  let left = requests;
  const connection = async () => {
    while (left-- > 0) await send();
  };
  try {
    await Promise.all(Array.from({ length: connections }, connection));
  } finally {
    agent.destroy();
  }
}
