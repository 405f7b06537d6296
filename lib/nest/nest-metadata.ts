/** Keys of Nest's metadata, which its decorators write (`@UseFilters`, `@UseInterceptors`, `@Get`, `@Sse`). */
export const FILTERS_METADATA = '__exceptionFilters__';
export const INTERCEPTORS_METADATA = '__interceptors__';
export const ROUTE_METADATA = 'path';
export const SSE_METADATA = '__sse__';
