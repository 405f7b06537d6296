import { createServer } from 'node:net';

/** Below those that systems give out by themselves: until it is used, nobody who asks for any port gets it. */
const FIRST = 10_000;
const COUNT = 10_000;
const given = new Set<number>();

/** A port of loopback that is free now, for servers that cannot be asked which one they were given. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = FIRST + Math.floor(Math.random() * COUNT);
    if (given.has(port) || !(await isFree(port))) continue;
    given.add(port);
    return port;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(false) : reject(error),
    );
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
