import { afterAll, describe } from 'vitest';
import { testMicroservices } from '../sample/support/microservices-suite';
import { startNats, startRabbitmq, type Broker } from '../support/broker';

describe('the microservices sample over NATS and RabbitMQ', () => {
  const brokers: Broker[] = [];
  // Hooks run from the last to the first: the services are closed by then.
  afterAll(() => Promise.all(brokers.map((broker) => broker.stop())));

  return testMicroservices(async () => {
    brokers.push(...(await Promise.all([startNats(), startRabbitmq()])));
    const [nats, rabbitmq] = brokers;
    return {
      NATS_URL: `nats://127.0.0.1:${nats.port}`,
      RABBITMQ_URL: `amqp://guest:guest@127.0.0.1:${rabbitmq.port}`,
    };
  });
});
