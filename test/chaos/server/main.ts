import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Phase } from './behaviour';
import { ScriptedServer, type Identities, type Identity } from './scripted-server';

/** What the suite asks of the process of servers; each is answered with the same `call`. */
export type Order = { call: number } & (
  | { kind: 'open'; tls: boolean }
  | { kind: 'play'; port: number; phases: Phase[] }
  | { kind: 'ledger'; port: number }
  | { kind: 'close'; port: number }
);

const servers = new Map<number, ScriptedServer>();

async function carryOut(order: Order): Promise<unknown> {
  if (order.kind === 'open') {
    const server = await openServer(order.tls ? identities() : undefined);
    servers.set(server.port, server);
    return server.port;
  }
  const server = servers.get(order.port);
  if (server === undefined) throw new Error(`there is no server on port ${order.port}`);
  switch (order.kind) {
    case 'play':
      return server.play(order.phases);
    case 'ledger':
      return server.ledger;
    case 'close':
      return server.close();
  }
}

/** Of the ports that are free, not one whose server is only away. */
async function openServer(given: Identities | undefined): Promise<ScriptedServer> {
  const taken: ScriptedServer[] = [];
  for (;;) {
    const server = await ScriptedServer.open(given);
    if (servers.has(server.port)) {
      taken.push(server);
      continue;
    }
    for (const one of taken) one.close();
    return server;
  }
}

function identities(): Identities {
  const folder = process.argv[2];
  const read = (name: string): Identity => ({
    key: readFileSync(join(folder, `${name}.key.pem`), 'utf8'),
    cert: readFileSync(join(folder, `${name}.cert.pem`), 'utf8'),
  });
  return { expected: read('expected'), stranger: read('stranger') };
}

process.on('message', (order: Order) => {
  carryOut(order).then(
    (result) => process.send?.({ call: order.call, result }),
    (error: unknown) => process.send?.({ call: order.call, error: String(error) }),
  );
});
process.on('disconnect', () => process.exit());
