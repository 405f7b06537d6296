import { ownFile } from '../own-file';
import { ServerTransport, type ServerTransportOptions } from './server.transport';
import { setTimer } from './set-timer';
import { WorkerSender } from './worker-sender';

/**
 * Delivers as {@link NodeHttpTransport} does, but in a worker thread: for an app whose event loop is at its limit. The
 * process's CPU time stays what it is, and the thread takes some megabytes. `RavenModule` makes one of
 * `transport: WorkerHttpTransport`.
 *
 * Queue, limits, retries, spool and account stay on the main thread, so nothing is lost with the thread. It starts with
 * the app, or with the first delivery. What the app changes of Node at run time (`tls.setDefaultCACertificates`,
 * `dns.setServers`) does not hold there, and agents have no way to it.
 */
export class WorkerHttpTransport extends ServerTransport {
  constructor(options: ServerTransportOptions) {
    const script = ownFile('transport/thread-sender.js');
    // What a thread does takes real time, whatever clock the transport is given.
    super(options, (settings) => new WorkerSender({ ...settings, setTimer }, script), true);
  }
}
