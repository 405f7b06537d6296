import { Test } from '@nestjs/testing';
import { RavenClient } from 'nestjs-raven';
import { AppModule } from './app.module.js';

// Jest loads CommonJS alone; an app's tests must be able to import the module that imports the package.
test('the app is made, with a client that is disabled where there is no DSN', async () => {
  const module = await Test.createTestingModule({ imports: [AppModule] }).compile();
  await module.init();
  expect(module.get(RavenClient).isEnabled()).toBe(false);
  await module.close();
});
