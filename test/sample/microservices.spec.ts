import { describe } from 'vitest';
import { freePort } from '../support/free-port';
import { testMicroservices } from './support/microservices-suite';

describe('the microservices sample over TCP', () =>
  testMicroservices(async () => ({
    NATS_URL: '',
    RABBITMQ_URL: '',
    ORDERS_PORT: String(await freePort()),
    PAYMENTS_PORT: String(await freePort()),
  })));
