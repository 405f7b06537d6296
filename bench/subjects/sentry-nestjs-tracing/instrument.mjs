// Its README, "Usage": an instrument file, loaded before anything else, with what the wizard and the guide that the
// README links to put there: tracing of every request.
import * as Sentry from '@sentry/nestjs';

Sentry.init({ dsn: process.env.BENCH_DSN, tracesSampleRate: 1.0 });
