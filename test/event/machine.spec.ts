import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { release, tmpdir, type } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { deviceContexts } from '../../lib/event/device-contexts';
import { newEventId } from '../../lib/event/event-id';
import { osDistribution } from '../../lib/event/os-distribution';
import { loadModules } from '../../lib/event/installed-modules';
import { isPersonalName, isSensitiveName } from '../../lib/event/sensitive-names';

describe('the contexts of the machine', () => {
  it('are those of the protocol, in its units', () => {
    const { runtime, os, device, app } = deviceContexts();
    expect(runtime).toEqual({ name: 'node', version: process.version });
    expect(os).toMatchObject({ name: type(), version: release(), kernel_version: release() });
    expect(device).toMatchObject({ arch: process.arch });
    expect(device.memory_size).toBeGreaterThan(device.free_memory as number);
    expect(device.processor_count).toBeGreaterThan(0);
    expect(device.processor_frequency).not.toBe(0);
    expect(app.app_memory).toBeGreaterThan(1e6);
    expect(Date.parse(device.boot_time as string)).toBeLessThan(Date.parse(app.app_start_time as string));
    expect(app.app_start_time).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
  });

  it('say the same of the process every time', () => {
    expect(deviceContexts().app.app_start_time).toBe(deviceContexts().app.app_start_time);
  });
});

describe('the distribution', () => {
  it('is read from os-release, quoted or not', () => {
    const text =
      'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nNAME="Debian"\n# ID=no\nID=debian\nVERSION_ID=\'12\'\n';
    expect(osDistribution(text)).toEqual({
      distribution_name: 'debian',
      distribution_version: '12',
      distribution_pretty_name: 'Debian GNU/Linux 12 (bookworm)',
    });
  });

  it('is unknown where the file says nothing', () => {
    expect(osDistribution('ID=\nVERSION_ID=""\n\u0000')).toEqual({});
  });
});

describe('the id of an event', () => {
  it('is a UUID of version 4 in 32 lower-case hex digits, another each time', () => {
    const ids = Array.from({ length: 100 }, newEventId);
    for (const id of ids) expect(id).toMatch(/^[\da-f]{12}4[\da-f]{3}[89ab][\da-f]{15}$/);
    expect(new Set(ids).size).toBe(100);
  });
});

describe('the modules', () => {
  let root = '';
  beforeEach(async () => (root = await mkdtemp(join(tmpdir(), 'modules-'))));
  afterEach(() => rm(root, { recursive: true }));

  async function write(path: string, content: unknown): Promise<void> {
    await mkdir(join(root, path, '..'), { recursive: true });
    await writeFile(join(root, path), typeof content === 'string' ? content : JSON.stringify(content));
  }

  it('are the installed versions of what the app depends on, by name', async () => {
    await write('package.json', {
      dependencies: { pg: '^8', '@acme/core': '*' },
      devDependencies: { x: '1' },
    });
    await write('node_modules/pg/package.json', { version: '8.16.3' });
    await write('node_modules/@acme/core/package.json', { version: '1.0.0' });
    await write('node_modules/x/package.json', { version: '1.0.0' });
    expect(Object.entries(await loadModules(root))).toEqual([
      ['@acme/core', '1.0.0'],
      ['pg', '8.16.3'],
    ]);
  });

  it('are found where a workspace keeps them, the nearest first', async () => {
    await write('apps/shop/package.json', { dependencies: { pg: '^8', rxjs: '^7' } });
    await write('node_modules/pg/package.json', { version: '8.0.0' });
    await write('node_modules/rxjs/package.json', { version: '6.0.0' });
    await write('apps/shop/node_modules/rxjs/package.json', { version: '7.0.0' });
    expect(await loadModules(join(root, 'apps/shop'))).toEqual({ pg: '8.0.0', rxjs: '7.0.0' });
  });

  it('leave out what is not installed or cannot be read', async () => {
    await write('package.json', { dependencies: { a: '1', b: '1', c: '1', d: '1' } });
    await write('node_modules/a/package.json', '{"version":');
    await write('node_modules/b/package.json', { version: 2 });
    await write('node_modules/c/package.json', 'null');
    expect(await loadModules(root)).toEqual({});
  });

  it.each([['{'], ['null'], ['[]'], ['{"dependencies":"pg"}'], ['{"dependencies":null}']])(
    'are none where package.json is %s',
    async (content) => {
      await write('package.json', content);
      expect(await loadModules(root)).toEqual({});
    },
  );

  it('are none where there is no package.json', async () => {
    expect(await loadModules(join(root, 'nowhere'))).toEqual({});
  });
});

describe('a name', () => {
  it.each([
    'Authorization',
    'X-Api-Key',
    'connect.sid',
    'PHPSESSID',
    'XSRF-TOKEN',
    '__Host-id',
    'user_pwd',
    'Set-Cookie',
    'sso_state',
    'remember_me',
    'pkce',
    'nonce',
    'mfa_code',
  ])('%s is a credential’s', (name) => expect(isSensitiveName(name)).toBe(true));

  it.each(['Accept', 'User-Agent', 'Content-Type', 'page', 'theme', 'Host', 'x-request-id'])(
    '%s is not',
    (name) => expect(isSensitiveName(name)).toBe(false),
  );

  it.each(['X-Forwarded-For', 'Forwarded', 'X-Real-IP', 'CF-Connecting-IP', 'Via', 'Remote-Addr', 'X-User'])(
    '%s tells who is asking',
    (name) => expect(isPersonalName(name)).toBe(true),
  );

  it.each(['Accept', 'User-Agent', 'viable', 'Zip'])('%s tells of nobody', (name) =>
    expect(isPersonalName(name)).toBe(false),
  );
});
