export { RavenBullTransport } from './raven-bull.transport';
export type { BullTransportOptions, BullTransportSettings } from './raven-bull.transport';
export type { QueueOptions } from './queue.options';
