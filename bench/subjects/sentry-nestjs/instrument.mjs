// Its README, "Usage": an instrument file, loaded before anything else. ESM apps load it by `--import`.
import * as Sentry from '@sentry/nestjs';

Sentry.init({ dsn: process.env.BENCH_DSN });
