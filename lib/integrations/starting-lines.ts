const STARTING: ReadonlySet<unknown> = new Set([
  'GraphQLModule',
  'InstanceLoader',
  'NestApplication',
  'NestFactory',
  'NestMicroservice',
  'RouterExplorer',
  'RoutesResolver',
  'WebSocketsController',
]);

/**
 * Whether a line is one of those by which Nest tells at each start which modules and routes there are: no event is
 * the clearer for it.
 *
 * @param context - the logger's
 * @param level - as the wire has it
 */
export function tellsOfStart(context: unknown, level: string): boolean {
  return level === 'info' && STARTING.has(context);
}
