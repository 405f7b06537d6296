import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { BaseExceptionFilter } from '@nestjs/core';
import { noteException } from './note-exception';
import { appOfWork, liveApps } from './live-apps';

/**
 * Sees every error that comes to it and answers as Nest does by default.
 *
 * RavenModule sees errors by itself, whatever filters there are: this is for who wants it to be written
 * down where (`@UseFilters(RavenExceptionFilter)`, `app.useGlobalFilters(new RavenExceptionFilter())`), or
 * extends it. An error seen by both is reported once, by the same rule.
 */
@Catch()
export class RavenExceptionFilter implements ExceptionFilter {
  /**
   * Reports the error by the module's rule; over HTTP it answers, elsewhere it throws the error on.
   *
   * @throws the exception itself where the host is not HTTP
   */
  catch(exception: unknown, host: ArgumentsHost): unknown {
    noteException(exception, {}, false);
    // In other contexts there is nothing to answer here; Nest's own handling of them goes on with the error.
    if (host.getType() !== 'http') throw exception;
    const app = appOfWork() ?? [...liveApps].at(-1);
    new BaseExceptionFilter(app?.adapterHost.httpAdapter).catch(exception, host);
    return undefined;
  }
}
