import type { ExecutionContext } from '@nestjs/common';
import { safeRead } from '../../event/safe-read';

/** Extra under the names that the interceptors of @sentry/node's days gave it; what a caller sent, with `sendDefaultPii` alone. */
export function messageExtra(context: ExecutionContext, sendDefaultPii: boolean): Record<string, unknown> {
  switch (context.getType<string>()) {
    case 'graphql':
      return {
        fieldName: safeRead(context.getArgByIndex(3), 'fieldName'),
        ...(sendDefaultPii && { args: context.getArgByIndex<unknown>(1) }),
      };
    case 'ws':
      return sendDefaultPii ? { ws_data: context.switchToWs().getData<unknown>() } : {};
    case 'rpc':
      return sendDefaultPii ? { rpc_data: context.switchToRpc().getData<unknown>() } : {};
    default:
      return {};
  }
}
