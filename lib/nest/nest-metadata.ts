/**
 * Keys of Nest's metadata, which its decorators write: `@UseFilters`, `@Catch`, `@UseInterceptors`, `@Get`,
 * `@Sse`, `@MessagePattern`, `@SubscribeMessage`, `@WebSocketGateway`, and those of GraphQL's resolvers.
 */
export const FILTERS_METADATA = '__exceptionFilters__';
export const CATCH_METADATA = '__filterCatchExceptions__';
export const INTERCEPTORS_METADATA = '__interceptors__';
export const ROUTE_METADATA = 'path';
export const SSE_METADATA = '__sse__';
export const PATTERN_METADATA = 'microservices:pattern';
export const MESSAGE_METADATA = 'websockets:message_mapping';
export const GATEWAY_METADATA = 'websockets:is_gateway';
/** `Query`, `Mutation` or `Subscription` on a method; the type whose fields it resolves on a class. */
export const RESOLVER_TYPE_METADATA = 'graphql:resolver_type';
export const RESOLVER_NAME_METADATA = 'graphql:resolver_name';
export const FIELD_RESOLVER_METADATA = 'graphql:resolve_property';
export const REFERENCE_RESOLVER_METADATA = 'graphql:resolve_reference';
