import { Injectable } from '@nestjs/common';
import { ReportingInterceptor } from '../sentry/reporting.interceptor';

/**
 * The interceptor of @ntegral/nestjs-sentry over this package's client: it reports each error that passes it, an
 * HttpException below 500 too, unless one of `filters` names it. The filters also hold for what the module sees by
 * itself where the interceptor stands, errors of guards for example.
 */
@Injectable()
export class SentryInterceptor extends ReportingInterceptor {}
