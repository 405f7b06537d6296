// Keys of the metadata that Nest's decorators write. Nest exports some of them, of packages an app need not have.

/** Of a class or a method: the filters of `@UseFilters`. */
export const FILTERS_METADATA = '__exceptionFilters__';
/** Of a filter's class: the errors of `@Catch`; an empty list for all. */
export const CATCH_METADATA = '__filterCatchExceptions__';
/** Of a class or a method: the interceptors of `@UseInterceptors`. */
export const INTERCEPTORS_METADATA = '__interceptors__';
/** Of a class or a method: the path of `@Controller`, `@Get` and the like. */
export const ROUTE_METADATA = 'path';
/** Of a method with `@Sse`. */
export const SSE_METADATA = '__sse__';
/** Of a method: the patterns of `@MessagePattern` or `@EventPattern`. */
export const PATTERN_METADATA = 'microservices:pattern';
/** Of a method: that `@SubscribeMessage` makes it a handler. */
export const MESSAGE_METADATA = 'websockets:message_mapping';
/** Of a class with `@WebSocketGateway`. */
export const GATEWAY_METADATA = 'websockets:is_gateway';
/** `Query`, `Mutation` or `Subscription` on a method; the type whose fields it resolves on a class. */
export const RESOLVER_TYPE_METADATA = 'graphql:resolver_type';
/** Of a method: the name of the field it resolves. */
export const RESOLVER_NAME_METADATA = 'graphql:resolver_name';
/** Of a method with `@ResolveField`. */
export const FIELD_RESOLVER_METADATA = 'graphql:resolve_property';
/** Of a method with `@ResolveReference`, which a federation asks for an entity. */
export const REFERENCE_RESOLVER_METADATA = 'graphql:resolve_reference';
