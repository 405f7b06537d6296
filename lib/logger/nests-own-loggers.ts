/**
 * The loggers of Nest that tell of errors which pass through handlers and jobs. What the module has seen of these
 * errors it decides on itself: it knows what is answered, and the handler's tags, when the line is written it may not
 * yet. The names stand in Nest's packages.
 */
export const NESTS_OWN_LOGGERS: ReadonlySet<string | undefined> = new Set([
  'ExceptionsHandler',
  'RpcExceptionsHandler',
  'WsExceptionsHandler',
  'ExpressAdapter',
  'FastifyAdapter',
  'RouterResponseController',
  'Server',
  'ServerKafka',
  'Scheduler',
  'SchedulerRegistry',
  // @nestjs/event-emitter
  'Event',
  // @nestjs/cqrs
  'EventBus',
]);
