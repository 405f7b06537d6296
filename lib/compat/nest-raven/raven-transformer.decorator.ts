import { SetMetadata, type CustomDecorator } from '@nestjs/common';
import type { IRavenScopeTransformerFunction } from './raven.interfaces';

/** Under which a handler has its own transformers; the key is nest-raven's. */
export const RAVEN_LOCAL_TRANSFORMERS_METADATA = 'raven-local-transformers';

/** Transformers of one handler, for the {@link RavenInterceptor} that it, its class or the app has. */
export function RavenTransformer(...transformers: IRavenScopeTransformerFunction[]): CustomDecorator {
  return SetMetadata(RAVEN_LOCAL_TRANSFORMERS_METADATA, transformers);
}
