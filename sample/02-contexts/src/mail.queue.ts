import { BullModule, InjectQueue, Processor, WorkerHost } from '@nestjs/bullmq';
import { Controller, HttpCode, Module, Post } from '@nestjs/common';
import type { Queue } from 'bullmq';
import { Tag } from 'nestjs-raven';

// #region processor
/** A queue: what its last attempt fails with. */
@Processor('mail')
export class MailProcessor extends WorkerHost {
  @Tag('context', 'queue')
  async process(): Promise<void> {
    await Promise.resolve();
    throw new Error('the mail server is down');
  }
}
// #endregion processor

@Controller('mails')
export class MailController {
  constructor(@InjectQueue('mail') private readonly mails: Queue) {}

  @Post()
  @HttpCode(202)
  async send(): Promise<void> {
    await this.mails.add('welcome', { to: 'ada' });
  }
}

/** Queues live in Redis: only where `REDIS_URL` names one. */
@Module({
  imports: [
    BullModule.forRoot({ connection: { url: process.env.REDIS_URL } }),
    BullModule.registerQueue({ name: 'mail' }),
  ],
  controllers: [MailController],
  providers: [MailProcessor],
})
export class MailModule {}
