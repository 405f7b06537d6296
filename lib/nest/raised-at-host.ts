import type { ArgumentsHost } from '@nestjs/common';
import type { HandlerKind, RaisedAt } from './error-reporter';

/** What Nest would give a filter for this request or message. */
export class RaisedAtHost implements ArgumentsHost {
  /**
   * @param type - how the handler is called
   * @param args - what Nest calls it with: request and response, data and context, client and data
   */
  constructor(
    private readonly type: HandlerKind,
    private readonly args: readonly unknown[],
    private readonly at: RaisedAt,
  ) {}

  getClass(): RaisedAt['type'] {
    return this.at.type;
  }

  getHandler(): RaisedAt['handler'] {
    return this.at.handler;
  }

  getArgs<T extends unknown[]>(): T {
    return [...this.args] as T;
  }

  getArgByIndex<T>(index: number): T {
    return this.args[index] as T;
  }

  getType<T extends string>(): T {
    return this.type as T;
  }

  switchToHttp(): ReturnType<ArgumentsHost['switchToHttp']> {
    return {
      getRequest: <T>() => this.args[0] as T,
      getResponse: <T>() => this.args[1] as T,
      getNext: <T>() => this.args[2] as T,
    };
  }

  switchToRpc(): ReturnType<ArgumentsHost['switchToRpc']> {
    return {
      getData: <T>() => this.args[0] as T,
      getContext: <T>() => this.args[1] as T,
    };
  }

  switchToWs(): ReturnType<ArgumentsHost['switchToWs']> {
    return {
      getClient: <T>() => this.args[0] as T,
      getData: <T>() => this.args[1] as T,
      getPattern: () => this.args.at(-1) as string,
    };
  }
}
