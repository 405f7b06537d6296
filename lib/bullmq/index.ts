export { RavenBullTransport } from './raven-bull.transport';
export type { BullTransportOptions, BullTransportSettings } from './raven-bull.transport';
export type { QueueOptions } from './queue.options';

export { RavenForwarderModule } from './raven-forwarder.module';
export type { ForwarderOptionsFactory } from './raven-forwarder.module-definition';
export type { ForwarderOptions } from './forwarder.options';
export { RavenForwarder } from './raven-forwarder';
export type { ForwarderStats } from './raven-forwarder';
export type { DeadLetter } from './dead-letters';
