// Its README, "Include Module": the app sets up @sentry/node itself. That one's README, "ESM Support": by `--import`.
import * as Sentry from '@sentry/node';

Sentry.init({ dsn: process.env.BENCH_DSN });
