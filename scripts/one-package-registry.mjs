import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

/**
 * A registry of npm on loopback that has one package, and sends on to another registry for all others.
 *
 * @param options - `manifest`: the package.json; `tarball`: its path; `elsewhere`: URL of the other registry
 * @returns `url`, and `close()`
 */
export async function startRegistry({ manifest, tarball, elsewhere }) {
  const { name, version } = manifest;
  const content = readFileSync(tarball);
  const file = `/${name}/-/${name}-${version}.tgz`;
  const server = createServer((request, response) => {
    if (request.url === file) {
      response.end(content);
    } else if (request.url === `/${name}`) {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(packument()));
    } else {
      response.writeHead(307, { location: new URL(request.url.slice(1), elsewhere).href }).end();
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${server.address().port}`;
  return {
    url,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };

  function packument() {
    const dist = {
      tarball: url + file,
      integrity: `sha512-${createHash('sha512').update(content).digest('base64')}`,
    };
    return { name, 'dist-tags': { latest: version }, versions: { [version]: { ...manifest, dist } } };
  }
}
