import http, { type ClientRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import https from 'node:https';
import type { HttpAnswer, HttpExchange } from './http-client';
import { readBody } from './read-body';
import { unrefSocket } from './unref-socket';

/**
 * One request by `node:http`: its body in one write with its head, the connection unreferenced.
 *
 * An error that it rejects with has the `request`, as axios's have.
 */
export class NodeExchange implements HttpExchange {
  readonly answer: Promise<HttpAnswer>;
  readonly #request: ClientRequest;
  #response?: IncomingMessage;
  #fail: (error: Error) => void = () => undefined;

  /** @throws where no request can be made of these options */
  constructor(options: RequestOptions, body: Buffer) {
    const request = (options.protocol === 'https:' ? https : http).request(options);
    this.#request = request;
    this.answer = new Promise((resolve, reject) => {
      this.#fail = reject;
      request.on('response', (response) => {
        this.#response = response;
        void readBody(response).then((text) => resolve(answerOf(response, text)));
      });
    });
    request.on('socket', unrefSocket);
    // There may be one after the status too, and after all of it, when nobody waits any more.
    request.on('error', (error) => this.abandon(Object.assign(error, { request })));
    // Without an error it ends where the server goes over to another protocol.
    request.on('close', () => {
      if (!this.#response) this.#fail(new Error('the connection was closed without an answer'));
    });
    request.end(body);
  }

  abandon(reason: Error): void {
    if (this.#response) {
      // What came of the body is the body then.
      this.#response.destroy();
      return;
    }
    this.#fail(reason);
    this.#request.destroy();
  }
}

function answerOf({ statusCode = 0, headers }: IncomingMessage, body: string): HttpAnswer {
  return {
    status: statusCode,
    header: (name) => {
      const value = headers[name];
      return Array.isArray(value) ? value.join(',') : value;
    },
    body,
  };
}
