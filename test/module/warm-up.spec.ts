import { Controller, Get, Module, type INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { createRequire } from 'node:module';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { HttpTransport, RavenClient, RavenModule, RecordingTransport } from '../../lib';
import { recordingLogger } from '../support/silent-logger';
import { SOON } from '../support/soon';

const DSN = 'http://public@127.0.0.1:9/1';
const { cache } = createRequire(__filename);
const apps: INestApplication[] = [];

afterEach(async () => {
  for (const app of apps.splice(0)) await app.close();
});

function ofAxios(): string[] {
  return Object.keys(cache).filter((path) => /node_modules[\\/]axios[\\/]/.test(path));
}

@Controller()
class OrdersController {
  @Get()
  list(): string[] {
    return [];
  }
}

/** An app that listens, with a transport of that class. */
async function startWith(transport: typeof HttpTransport): Promise<void> {
  @Module({
    imports: [RavenModule.forRoot({ dsn: DSN, transport, installProcessHandlers: false })],
    controllers: [OrdersController],
  })
  class AppModule {}
  const app = await NestFactory.create(AppModule, { logger: false });
  apps.push(app);
  await app.listen(0, '127.0.0.1');
}

describe('the HTTP client', () => {
  it('is loaded by a client that is warmed up, and not before', async () => {
    for (const path of ofAxios()) delete cache[path];
    const client = new RavenClient({ dsn: DSN, installProcessHandlers: false });
    expect(ofAxios()).toEqual([]);
    client.warmUp();
    expect(ofAxios()).not.toEqual([]);
    await client.close();
  });

  it('is loaded once the app listens, by no delay of its own', async () => {
    const steps: string[] = [];
    class Watched extends HttpTransport {
      override warmUp(): void {
        steps.push('warmed up');
      }
    }
    await startWith(Watched);
    steps.push('listens');
    await nextTurn();
    await vi.waitFor(() => expect(steps).toEqual(['listens', 'warmed up']), SOON);
  });

  it('that cannot be loaded does not end the app: it is told in the log', async () => {
    class Broken extends HttpTransport {
      override warmUp(): void {
        throw new Error('no such package');
      }
    }
    const logger = recordingLogger();
    const client = new RavenClient(
      { dsn: DSN, transport: Broken, installProcessHandlers: false },
      { logger },
    );
    client.warmUp();
    expect(logger.lines).toContainEqual(expect.stringContaining('no such package'));
    await client.close();
  });

  it('is not asked for where the transport is none of ours, or the client is closed', async () => {
    for (const path of ofAxios()) delete cache[path];
    const recording = new RavenClient({ dsn: DSN, transport: new RecordingTransport() });
    recording.warmUp();
    const closed = new RavenClient({ dsn: DSN, installProcessHandlers: false });
    await Promise.all([recording.close(), closed.close()]);
    closed.warmUp();
    expect(ofAxios()).toEqual([]);
  });
});
