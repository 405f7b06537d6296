import { Injectable, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { describe, expect, it } from 'vitest';
import { CaptureErrors, RavenModule } from 'nestjs-raven';
import { AppLog } from '../support/app-log';

@Injectable()
class Payments {
  @CaptureErrors({ client: 'billing' })
  pay(): void {}

  @CaptureErrors({ client: 'billing' })
  refund(): void {}
}

@CaptureErrors({ client: 'search' })
class Finder {
  find(): void {}
}

class Archive {
  @CaptureErrors({ client: 'archive' })
  static store(): void {}
}

class Attic extends Archive {}

class BaseMail {
  @CaptureErrors({ client: 'mail' })
  send(): void {}
}
class Mail extends BaseMail {}

/** What an app with these providers and clients logs at its start, but for what is not about decorators. */
async function linesOf(
  providers: Parameters<typeof Module>[0]['providers'],
  ...clients: (string | undefined)[]
): Promise<string[]> {
  const log = new AppLog();
  @Module({ imports: clients.map((name) => RavenModule.forRoot({ name, dsn: '' })), providers })
  class Root {}
  const app = await NestFactory.createApplicationContext(Root, { logger: log, abortOnError: false });
  await app.close();
  return log.lines.filter((line) => line.includes('@CaptureErrors'));
}

describe('a client that @CaptureErrors names and the app does not have', () => {
  it('is told in one line at start-up, however many methods name it and clients there are', async () => {
    expect(await linesOf([Payments], undefined, 'other')).toEqual([
      expect.stringMatching(
        /^error \| .*@CaptureErrors on Payments\.pay reports nothing: there is no client "billing"; expected the name of one, RavenModule\.forRoot\(\{ name: "billing", … \}\)/,
      ),
    ]);
  });

  it.each([
    ['a class', Finder, /Finder\.find .* no client "search"/],
    ['a static method', Archive, /Archive\.store .* no client "archive"/],
    ['an inherited static method', Attic, /Attic\.store .* no client "archive"/],
    ['an inherited method', Mail, /Mail\.send .* no client "mail"/],
    [
      'what a factory made',
      { provide: 'MAIL', useFactory: () => new Mail() },
      /Mail\.send .* no client "mail"/,
    ],
  ])('is told of %s', async (_, provider, line) => {
    expect(await linesOf([provider], undefined)).toEqual([expect.stringMatching(line)]);
  });

  it('is told where all clients have names too', async () => {
    expect(await linesOf([Payments], 'other')).toHaveLength(1);
  });

  it('is no matter where the app has it, or has nothing of what names it', async () => {
    expect(await linesOf([Payments], undefined, 'billing')).toEqual([]);
    expect(await linesOf([], undefined)).toEqual([]);
  });
});
