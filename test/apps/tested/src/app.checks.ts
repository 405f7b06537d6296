import { deepEqual, equal } from 'node:assert/strict';
import { Controller, Get } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { RavenClient, RavenModule, RecordingTransport } from 'nestjs-raven';
import { AppModule } from './app.module.js';
import { DROP_IN_CHECKS } from './drop-in.checks.js';

@Controller('checks')
class FailingController {
  @Get('fail')
  fail(): never {
    throw new Error('in a test');
  }
}

/** What an app's tests rely on, by whatever runs them. */
export const CHECKS: Record<string, () => Promise<void>> = {
  ...DROP_IN_CHECKS,

  async 'the app is made, with a client that is disabled where there is no DSN'() {
    const module = await Test.createTestingModule({ imports: [AppModule] }).compile();
    await module.init();
    equal(module.get(RavenClient).isEnabled(), false);
    await module.close();
  },

  async 'what a request fails with is recorded'() {
    const transport = new RecordingTransport();
    const module = await Test.createTestingModule({
      imports: [RavenModule.forRoot({ dsn: 'http://public@127.0.0.1:9/1', transport })],
      controllers: [FailingController],
    }).compile();
    const app = module.createNestApplication({ logger: false });
    await app.listen(0, '127.0.0.1');
    const { status } = await fetch(`${await app.getUrl()}/checks/fail`);
    await app.get(RavenClient).flush();
    await app.close();
    equal(status, 500);
    deepEqual(
      transport.events.map(({ transaction, exception }) => [transaction, exception?.values.at(-1)?.value]),
      [['GET /checks/fail', 'in a test']],
    );
  },
};
