/** What leaves breadcrumbs by itself; each is on unless it is false. */
export interface BreadcrumbSources {
  /** Lines of `console`. */
  console?: boolean | undefined;
  /** Lines of Nest's `Logger`. */
  logger?: boolean | undefined;
  /** The request that is being answered. */
  request?: boolean | undefined;
  /** Requests the app sends: `node:http`, `fetch`, undici, and what is built on them, such as axios. */
  http?: boolean | undefined;
  /** Queries of TypeORM, Prisma and Mongoose. */
  queries?: boolean | undefined;
  /** Events of `@nestjs/event-emitter`. */
  events?: boolean | undefined;
}
