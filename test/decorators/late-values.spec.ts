import { Controller, Get } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CaptureErrors, Extra, Fingerprint, RavenClient, Tag, type RavenOptions } from 'nestjs-raven';
import { errorOf, startReceiver, type Receiver } from '../support/receiver';
import { get, startApp } from '../support/test-app';

let evaluated = 0;
const late = (): never => Promise.reject(new Error('nobody waits for this')) as never;

@Controller()
class LateController {
  @Get('late')
  @Tag('late', late)
  @Extra('late', late)
  @Fingerprint(late)
  @Tag('kept', () => 'at once')
  fail(): void {
    throw new Error('fail');
  }

  @Get('counted')
  @Tag('counted', () => (evaluated += 1))
  counted(): void {
    throw new Error('counted');
  }
}

describe('value functions and filters', () => {
  const unhandled: unknown[] = [];
  const note = (error: unknown): void => void unhandled.push(error);
  let receiver: Receiver;
  beforeEach(async () => {
    evaluated = 0;
    unhandled.length = 0;
    process.on('unhandledRejection', note);
    receiver = await startReceiver();
  });
  afterEach(async () => {
    process.off('unhandledRejection', note);
    await receiver.close();
  });

  async function ask(path: string, options: RavenOptions = {}): Promise<void> {
    const app = await startApp(receiver, { controllers: [LateController] }, options);
    expect((await get(app, path)).status).toBe(500);
    await app.get(RavenClient).flush(5000);
    await app.close();
    expect(unhandled).toEqual([]);
  }

  it('that give promises which reject lose their own values, nothing else', async () => {
    await ask('/late');
    expect(receiver.events.map(errorOf)).toEqual(['fail']);
    expect(receiver.events[0].tags).toEqual({ kept: 'at once' });
    expect(receiver.events[0].extra).not.toHaveProperty('late');
  });

  it('a captureFilter that gives a promise leaves it to the rule', async () => {
    await ask('/counted', { captureFilter: late });
    expect(receiver.events.map(errorOf)).toEqual(['counted']);
  });

  it.each<[string, RavenOptions]>([
    ['is sampled out', { sampleRate: 0 }],
    ['is ignored', { ignoreExceptions: ['Error'] }],
  ])('are not asked for an error that %s', async (_, options) => {
    await ask('/counted', options);
    expect(receiver.events).toEqual([]);
    expect(evaluated).toBe(0);
    await ask('/counted');
    expect(evaluated).toBe(1);
  });
});

class Audit {
  calls = 0;
  @CaptureErrors()
  write(): void {
    this.calls += 1;
    throw new Error('the audit is broken');
  }
}

describe('a captureFilter that calls a failing method with @CaptureErrors', () => {
  it('is not asked about that again', async () => {
    const receiver = await startReceiver();
    const audit = new Audit();
    const app = await startApp(
      receiver,
      { controllers: [LateController] },
      {
        captureFilter: () => {
          expect(() => audit.write()).toThrow('the audit is broken');
        },
      },
    );
    await get(app, '/counted');
    await app.close();
    expect(audit.calls).toBe(1);
    expect(receiver.events.map(errorOf)).toEqual(['counted']);
    await receiver.close();
  });
});
