import { Controller, Module } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { RavenModule, Tag } from 'nestjs-raven';

// #region message
/** A microservice beside HTTP: `{ cmd: 'reserve' }` over TCP. */
@Controller()
export class StockController {
  @MessagePattern('stock.reserve')
  @Tag('context', 'microservice')
  reserve(@Payload() { sku }: { sku: string }): never {
    throw new Error(`cannot reserve ${sku}`);
  }
}
// #endregion message

// #region feature
/** A feature module of a team of its own: its errors say so; `client: 'stock'` would send them to a client of that name. */
@Module({
  imports: [RavenModule.forFeature({ tags: { team: 'stock' } })],
  controllers: [StockController],
})
export class StockModule {}
// #endregion feature
