import type { INestApplicationContext, Type } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import { Server, ServerGrpc, ServerKafka } from '@nestjs/microservices';
import { describe, expect, it } from 'vitest';
import { startReceiver } from '../support/receiver';
import { APP_FORMS, rpcModule, startRpc } from './rpc-app';
import type { TransportUnderTest } from './rpc-suite';

const SERVERS = [Server, ServerGrpc, ServerKafka].map(({ prototype }) => prototype as object);
const addHandlers = (): unknown[] =>
  SERVERS.map((prototype) => Object.getOwnPropertyDescriptor(prototype, 'addHandler')?.value);

/** What is left of two apps of one class once they are closed: nothing. */
export function testClosing(transport: TransportUnderTest): void {
  describe.each(APP_FORMS)(`after a %s app over ${transport.name} is closed`, (form) => {
    it('nothing is left on the classes of servers, on the container, or on handlers', async () => {
      const receiver = await startReceiver();
      const before = addHandlers();
      const module = rpcModule(receiver);
      const start = async (): Promise<INestApplicationContext> =>
        startRpc(form, await transport.options(), module);
      const first = await start();
      const second = await start();
      const containers = [first, second].map((app) => app.get(ModulesContainer));
      const prototypes = [...containers[0].values()]
        .flatMap(({ controllers }) => [...controllers.values()])
        .map(({ metatype }) => (metatype as Type).prototype as Record<string, object>);
      const marks = (): unknown[] =>
        prototypes.flatMap((prototype) =>
          Object.getOwnPropertyNames(prototype).map((name) =>
            Reflect.getOwnMetadata('__exceptionFilters__', prototype[name]),
          ),
        );
      expect(addHandlers()).not.toEqual(before);

      await first.close();
      expect(addHandlers()).not.toEqual(before);
      expect(Object.hasOwn(containers[0], 'forEach')).toBe(false);
      expect(Object.hasOwn(containers[1], 'forEach')).toBe(true);
      await second.close();
      expect(addHandlers()).toEqual(before);
      expect(Object.hasOwn(containers[1], 'forEach')).toBe(false);
      // What is left are the filters of the app's own.
      expect(marks().filter(Boolean)).toHaveLength(4);
      await receiver.close();
    });
  });
}
