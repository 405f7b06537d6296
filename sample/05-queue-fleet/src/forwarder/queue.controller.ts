import { Controller, Get, HttpCode, Post } from '@nestjs/common';
import { RavenForwarder, type DeadLetter, type ForwarderStats } from 'nestjs-raven/bullmq';

/** What is in the queue, for whoever looks after it. */
@Controller('queue')
export class QueueController {
  constructor(private readonly forwarder: RavenForwarder) {}

  @Get()
  stats(): Promise<ForwarderStats> {
    return this.forwarder.stats();
  }

  // #region dead-letters
  /** What the server refused, or nobody took for too long. */
  @Get('dead-letters')
  deadLetters(): Promise<DeadLetter[]> {
    return this.forwarder.deadLetters({ limit: 20 });
  }

  @Post('dead-letters/retry')
  @HttpCode(202)
  async retry(): Promise<void> {
    await this.forwarder.retryAll();
  }
  // #endregion dead-letters
}
