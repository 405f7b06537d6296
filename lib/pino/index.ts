export { ravenPinoStream, type RavenPinoStream } from './raven-pino-stream';
export {
  ravenPinoTransport,
  type RavenPinoTransport,
  type RavenPinoTransportOptions,
} from './raven-pino-transport';
// What pino loads by the name of the package.
export { ravenPinoTransport as default } from './raven-pino-transport';
export type { LogLine } from '../logger/log-line';
export type { LogOptions } from '../logger/log-options';
