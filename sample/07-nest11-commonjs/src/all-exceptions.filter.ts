import { Catch, HttpException, HttpStatus, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';

// #region filter
/** Answers whatever is thrown, in the app's own form. What it answers with a 5xx is reported all the same. */
@Catch()
export class AllExceptionsFilter implements ExceptionFilter {
  constructor(private readonly adapterHost: HttpAdapterHost) {}

  catch(exception: unknown, host: ArgumentsHost): void {
    const { httpAdapter } = this.adapterHost;
    const context = host.switchToHttp();
    const statusCode =
      exception instanceof HttpException ? exception.getStatus() : HttpStatus.INTERNAL_SERVER_ERROR;
    const path: unknown = httpAdapter.getRequestUrl(context.getRequest());
    httpAdapter.reply(context.getResponse(), { statusCode, path }, statusCode);
  }
}
// #endregion filter
