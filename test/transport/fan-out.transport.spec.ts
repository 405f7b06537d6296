import { describe, expect, it } from 'vitest';
import { FanOutTransport } from '../../lib/transport/fan-out.transport';
import { RecordingTransport } from '../../lib/transport/recording.transport';
import type { Transport } from '../../lib/transport/transport';
import { eventEnvelope, idOf, sessionEnvelope } from './support/envelopes';

const fail = (): never => {
  throw new Error('broken transport');
};
const broken: Transport = { send: fail, flush: fail, close: () => Promise.reject(new Error('broken')) };

describe('FanOutTransport', () => {
  it('gives every envelope to each, also past a broken one', async () => {
    const [first, last] = [new RecordingTransport(), new RecordingTransport()];
    const fanOut = new FanOutTransport([first, broken, last]);
    fanOut.send(eventEnvelope(1));
    expect([first.envelopes.length, last.envelopes.length]).toEqual([1, 1]);
    expect([await fanOut.flush(10), await fanOut.close(10)]).toEqual([false, false]);
    fanOut.send(eventEnvelope(2));
    expect(last.envelopes).toHaveLength(1);
  });

  it('has flushed when all have', async () => {
    const fanOut = new FanOutTransport([new RecordingTransport(), new RecordingTransport()]);
    expect([await fanOut.flush(10), await fanOut.close(10)]).toEqual([true, true]);
  });
});

describe('RecordingTransport', () => {
  it('gives out the events of what was sent until it was closed', async () => {
    const recording = new RecordingTransport();
    recording.send(eventEnvelope(1));
    recording.send(sessionEnvelope());
    await recording.close();
    recording.send(eventEnvelope(2));
    expect(recording.envelopes).toHaveLength(2);
    expect(recording.events.map((event) => event.event_id)).toEqual([idOf(1)]);
    recording.clear();
    expect(recording.events).toEqual([]);
  });
});
