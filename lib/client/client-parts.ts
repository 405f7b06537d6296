import type { FrameOptions } from '../event/stack-frames';
import { processLocals } from '../locals/process-locals';
import type { ResolvedOptions } from '../raven.options';
import { Account } from '../transport/account';
import { MEMORY_SHARES } from '../transport/memory-shares';
import { AttachmentReader } from './attachment-reader';
import { CaptureGate } from './capture-gate';
import { CapturePipeline } from './capture-pipeline';
import type { ClientEnvironment } from './client-environment';
import type { Enrichment } from './enrichment';
import { EventBuilder } from './event-builder';
import { EventDeparture } from './event-departure';
import { EventProcessing } from './event-processing';
import { EventTypeRegistry } from './event-type-registry';
import { FeedbackCapture } from './feedback-capture';
import { FirstSteps } from './first-steps';
import { frameOptions } from './frame-options';
import { FrameSources } from './frame-sources';
import { LastSteps } from './last-steps';
import { LossLog } from './loss-log';
import { Outbox } from './outbox';
import { PackageVersions } from './package-versions';
import type { Instantiate } from './processor-chain';
import type { RavenClient } from './raven.client';
import { ReportedBefore } from './reported-before';
import { Surroundings } from './surroundings';
import { UnderWay } from './under-way';
import { WithoutRoom } from './without-room';

/** What a client is made of, as far as it asks for it. */
export interface ClientParts {
  readonly account: Account;
  readonly outbox: Outbox;
  readonly processing: EventProcessing;
  readonly reported: ReportedBefore;
  readonly captures: CapturePipeline;
  readonly departure: EventDeparture;
  readonly feedback: FeedbackCapture;
  readonly underWay: UnderWay;
  readonly withoutRoom: WithoutRoom;
  /** Ends what captures need, once there are no more of them. */
  readonly release: () => void;
}

/** Makes the parts of a client: wiring only. @param client - its options are there already */
export function clientParts(client: RavenClient, environment: ClientEnvironment): ClientParts {
  const { options } = client;
  const { logger, now, root } = environment;
  const warn = (message: string): void => logger.warn(message);
  const instantiate: Instantiate = (type) => {
    const provided = environment.instantiate?.(type);
    return provided ?? new (type as new (client: unknown) => InstanceType<typeof type>)(client);
  };

  const account = new Account(now);
  const losses = new LossLog(account, logger);
  const withoutRoom = new WithoutRoom(account);
  const outbox = new Outbox(options, environment, account);
  const locals =
    options.captureLocals && outbox.isOpen ? processLocals.take(options.captureLocals, warn) : undefined;
  const frames = frameOptions(options, root, locals);
  const processing = new EventProcessing(options.processors, instantiate);
  const reported = new ReportedBefore(client, now);
  const gate = new CaptureGate(options, environment, account, outbox);
  const builder = new EventBuilder(options, frames, new Surroundings(environment));
  const firstSteps = new FirstSteps(client, builder, processing, account, losses);
  // What must survive a crash is written before `capture` returns.
  const survivesCrash = options.spool?.durability === 'crash';
  const mayPutOff = !survivesCrash && !environment.buildsAtOnce;
  const lastSteps = new LastSteps({
    beforeSend: options.beforeSend,
    limits: {
      maxLength: options.maxQueueLength,
      maxBytes: options.maxQueueBytes * MEMORY_SHARES.hooks,
    },
    enrichments: enrichmentsOf(options, environment, frames),
    attachments: new AttachmentReader({ maxBytes: options.maxAttachmentBytes, warn }),
    waitsForEnrichments: mayPutOff,
    waitsForAttachments: !survivesCrash,
    lost: (reason, message) => losses.lose(reason, message),
    warn,
  });
  const underWay = new UnderWay(lastSteps, outbox);
  const isDebugging = options.debug;
  const departure = new EventDeparture({ environment, isDebugging, account, lastSteps, outbox, underWay });
  const shared = { client, environment, account, losses, firstSteps, departure, outbox };
  const types = new EventTypeRegistry({ ...options, frames }, instantiate);
  return {
    account,
    outbox,
    processing,
    reported,
    captures: new CapturePipeline({ ...shared, withoutRoom, types, reported, gate, underWay, mayPutOff }),
    departure,
    feedback: new FeedbackCapture(shared),
    underWay,
    withoutRoom,
    release: () => {
      locals?.release();
      withoutRoom.settle();
      gate.close();
    },
  };
}

function enrichmentsOf(
  options: ResolvedOptions,
  { root, now }: ClientEnvironment,
  frames: FrameOptions,
): Enrichment[] {
  const { frameContextLines: contextLines, sourceMaps } = options;
  const sources = new FrameSources({ frames, contextLines, sourceMaps, now, program: process.argv[1] });
  return options.includeVersions ? [sources, new PackageVersions(root)] : [sources];
}
