/**
 * Keys of Nest's metadata, which its decorators write: `@UseFilters`, `@Catch`, `@UseInterceptors`, `@Get`,
 * `@Sse`, `@MessagePattern`, `@SubscribeMessage`, `@WebSocketGateway`.
 */
export const FILTERS_METADATA = '__exceptionFilters__';
export const CATCH_METADATA = '__filterCatchExceptions__';
export const INTERCEPTORS_METADATA = '__interceptors__';
export const ROUTE_METADATA = 'path';
export const SSE_METADATA = '__sse__';
export const PATTERN_METADATA = 'microservices:pattern';
export const MESSAGE_METADATA = 'websockets:message_mapping';
export const GATEWAY_METADATA = 'websockets:is_gateway';
