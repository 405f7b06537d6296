import { Injectable } from '@nestjs/common';
import { SentryInterceptor } from './sentry.interceptor';

/** The same as {@link SentryInterceptor}, which knows GraphQL too; it loads nothing of `@nestjs/graphql`. */
@Injectable()
export class GraphqlInterceptor extends SentryInterceptor {}
