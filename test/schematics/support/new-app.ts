import type { Files } from './nest-add-runner';

/** What `nest new` of NestJS 12 makes, as far as it matters. */
export const NEW_APP: Files = {
  'package.json': `{
  "name": "shop",
  "type": "module",
  "dependencies": {
    "@nestjs/core": "^12.0.1",
    "nestjs-raven": "^0.1.0",
    "rxjs": "^7.8.1"
  }
}
`,
  'nest-cli.json': '{ "sourceRoot": "src" }',
  'src/main.ts': `import { NestFactory } from '@nestjs/core';
import { AppModule } from './app.module.js';

async function bootstrap() {
  const app = await NestFactory.create(AppModule);
  await app.listen(process.env.PORT ?? 3000);
}
await bootstrap();
`,
  'src/app.module.ts': `import { Module } from '@nestjs/common';
import { AppController } from './app.controller.js';

@Module({
  imports: [],
  controllers: [AppController],
})
export class AppModule {}
`,
};

/** A module's file: what it imports, and what stands in its decorator. */
export function moduleFile(decorator: string, name = 'AppModule'): string {
  return `import { Module } from '@nestjs/common';\n\n${decorator}\nexport class ${name} {}\n`;
}
