import { ClientKafka, ServerKafka } from '@nestjs/microservices';

type Listener = (event: unknown) => void;
type Header = string | Buffer | undefined;
interface Message {
  key?: string | Buffer | null;
  value: string | Buffer | null;
  headers?: Record<string, Header>;
}
type EachMessage = (payload: {
  topic: string;
  partition: number;
  message: object;
  heartbeat: () => Promise<void>;
}) => Promise<void>;

const EVENTS = {
  CONNECT: 'connect',
  DISCONNECT: 'disconnect',
  REBALANCING: 'rebalancing',
  STOP: 'stop',
  CRASH: 'crash',
  GROUP_JOIN: 'group join',
};

/**
 * Stands for a Kafka broker, as none is at hand: topics in memory, behind what kafkajs's client gives. Nest's own
 * server and client for Kafka run on it. It knows groups, one partition a topic, and headers as buffers; nothing is
 * retried, so an error of an event handler ends here.
 */
export class KafkaStandIn {
  private readonly consumers = new Set<{ groupId: string; topics: string[]; eachMessage: EachMessage }>();

  readonly kafka = {
    consumer: ({ groupId }: { groupId: string }) => this.consumer(groupId),
    producer: () => this.producer(),
  };

  private consumer(groupId: string): object {
    const topics: string[] = [];
    const listeners = new Map<string, Listener>();
    let registered: { groupId: string; topics: string[]; eachMessage: EachMessage } | undefined;
    return {
      events: EVENTS,
      on: (event: string, listener: Listener) => listeners.set(event, listener),
      connect: async () => listeners.get(EVENTS.CONNECT)?.({}),
      subscribe: async (subscription: { topics: string[] }) => void topics.push(...subscription.topics),
      run: async ({ eachMessage }: { eachMessage: EachMessage }) => {
        registered = { groupId, topics, eachMessage };
        this.consumers.add(registered);
        const memberAssignment = Object.fromEntries(topics.map((topic) => [topic, [0]]));
        listeners.get(EVENTS.GROUP_JOIN)?.({ payload: { memberAssignment } });
      },
      disconnect: async () => void (registered && this.consumers.delete(registered)),
    };
  }

  private producer(): object {
    return {
      events: EVENTS,
      on: () => {},
      connect: async () => {},
      disconnect: async () => {},
      send: async ({ topic, messages }: { topic: string; messages: Message[] }) => {
        for (const message of messages) this.deliver(topic, message);
        return [];
      },
    };
  }

  /** Each group gets it once. */
  private deliver(topic: string, { key, value, headers = {} }: Message): void {
    const groups = new Map(
      [...this.consumers].filter(({ topics }) => topics.includes(topic)).map((one) => [one.groupId, one]),
    );
    for (const { eachMessage } of groups.values()) {
      const message = {
        key: bytes(key),
        value: bytes(value),
        headers: Object.fromEntries(Object.entries(headers).map(([name, header]) => [name, bytes(header)])),
        offset: '0',
        timestamp: '0',
      };
      setImmediate(() => {
        eachMessage({ topic, partition: 0, message, heartbeat: async () => {} }).catch(() => {});
      });
    }
  }
}

function bytes(value: string | Buffer | null | undefined): Buffer | null {
  return value === null || value === undefined ? null : Buffer.from(value);
}

/** Nest's server on the stand-in. */
export class StandInServer extends ServerKafka {
  constructor(private readonly broker: KafkaStandIn) {
    super({});
  }
  override createClient<T>(): Promise<T> {
    return Promise.resolve(this.broker.kafka as T);
  }
}

/** Nest's client on the stand-in. */
export class StandInClient extends ClientKafka {
  constructor(private readonly stand: { broker: KafkaStandIn }) {
    super({});
  }
  override createClient<T>(): Promise<T> {
    return Promise.resolve(this.stand.broker.kafka as T);
  }
}
