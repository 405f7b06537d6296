import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize, sep } from 'node:path';

const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
};

/** Serves the files of a folder on loopback, as any server of static files would. @returns its `url` and `stop()` */
export async function serveFolder(folder) {
  const server = createServer((request, response) => {
    void answer(folder, new URL(request.url, 'http://localhost').pathname, response);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function answer(folder, pathname, response) {
  const path = normalize(
    join(folder, decodeURIComponent(pathname.endsWith('/') ? `${pathname}index.html` : pathname)),
  );
  try {
    if (!path.startsWith(folder + sep)) throw new Error('outside of the folder');
    const body = await readFile(path);
    response.writeHead(200, { 'content-type': TYPES[extname(path)] ?? 'application/octet-stream' }).end(body);
  } catch {
    response.writeHead(404, { 'content-type': 'text/plain' }).end('not found');
  }
}
