/** What leaves breadcrumbs by itself; each is on unless it is false. */
export interface BreadcrumbSources {
  /** Lines of `console`. */
  console?: boolean;
  /** Lines of Nest's `Logger`. */
  logger?: boolean;
  /** The request that is being answered. */
  request?: boolean;
  /** Requests the app sends: `node:http`, `fetch`, undici, and what is built on them, such as axios. */
  http?: boolean;
  /** Queries of TypeORM, Prisma and Mongoose. */
  queries?: boolean;
  /** Events of `@nestjs/event-emitter`. */
  events?: boolean;
}
