import { Injectable } from '@nestjs/common';
import { Cron } from '@nestjs/schedule';
import { Level, Tag } from 'nestjs-raven';

// #region job
/** A job: each run has a scope of its own. */
@Injectable()
export class NightlyJob {
  /** Every night at two. */
  @Cron('0 2 * * *', { name: 'count stock' })
  @Tag('context', 'job')
  @Level('warning')
  async countStock(): Promise<void> {
    await Promise.resolve();
    throw new Error('the counting machine is out of paper');
  }
}
// #endregion job
