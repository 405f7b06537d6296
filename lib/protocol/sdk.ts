import type { SdkInfo } from './event';

/** What this client calls itself on the wire. */
export const SDK: SdkInfo = { name: 'nestjs.raven', version: '0.1.0' };
