import { RavenClient } from 'nestjs-raven';
import type { AppConfig } from './app-config';
import { Journal } from './journal';

/** A process of no Nest app that only delivers what another one has left in its spool, until it is told to end. */
const config = JSON.parse(process.argv[2]) as Pick<AppConfig, 'journal' | 'options'>;
const journal = new Journal(config.journal);
const client = new RavenClient(config.options);
process.stdout.write('ready\n');
process.stdin.once('data', () => {
  process.stdin.destroy();
  void client.close().then((isDelivered) => {
    journal.closed(isDelivered);
    journal.stats(client.stats());
  });
});
