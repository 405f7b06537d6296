import type { ArgumentsHost } from '@nestjs/common';
import type { RaisedAt } from '../error-reporter';

/** What Nest would give a filter or an interceptor for this request. */
export class HttpArgumentsHost implements ArgumentsHost {
  private readonly args: [unknown, unknown, undefined];

  constructor(
    request: unknown,
    response: unknown,
    private readonly at: RaisedAt,
  ) {
    this.args = [request, response, undefined];
  }

  getClass(): RaisedAt['type'] {
    return this.at.type;
  }

  getHandler(): RaisedAt['handler'] {
    return this.at.handler;
  }

  getArgs<T extends unknown[]>(): T {
    return this.args as unknown as T;
  }

  getArgByIndex<T>(index: number): T {
    return this.args[index] as T;
  }

  getType<T extends string>(): T {
    return 'http' as T;
  }

  switchToHttp(): ReturnType<ArgumentsHost['switchToHttp']> {
    return {
      getRequest: <T>() => this.args[0] as T,
      getResponse: <T>() => this.args[1] as T,
      getNext: <T>() => this.args[2] as T,
    };
  }

  switchToRpc(): never {
    throw new TypeError('This is an HTTP request, not a message');
  }

  switchToWs(): never {
    throw new TypeError('This is an HTTP request, not a message of a WebSocket');
  }
}
