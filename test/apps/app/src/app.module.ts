import {
  Controller,
  Get,
  Inject,
  Injectable,
  Module,
  NotFoundException,
  ServiceUnavailableException,
  UseGuards,
  type CanActivate,
} from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { EventEmitter2, EventEmitterModule, OnEvent } from '@nestjs/event-emitter';
import { ClientProxyFactory, MessagePattern, Transport, type ClientProxy } from '@nestjs/microservices';
import { Interval, ScheduleModule } from '@nestjs/schedule';
import { HealthCheckService, TerminusModule } from '@nestjs/terminus';
import { SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import { IgnoreErrors, RavenClient, RavenModule, Tag, type RavenOptions } from 'nestjs-raven';
import { RavenHealthIndicator } from 'nestjs-raven/terminus';
import { firstValueFrom } from 'rxjs';
import { io } from 'socket.io-client';
import { bothWays } from './both-ways.js';
import { OrdersService } from './orders.service.js';

@Injectable()
class FailingGuard implements CanActivate {
  canActivate(): boolean {
    throw new Error('guard');
  }
}

/** Each route fails in a context of its own; those that only set something off are fine themselves. */
@Tag('area', 'orders')
@Controller('orders')
class OrdersController {
  private readonly client: ClientProxy = ClientProxyFactory.create({
    transport: Transport.TCP,
    options: { host: '127.0.0.1', port: Number(process.env.TCP_PORT) },
  });

  constructor(
    @Inject(OrdersService) private readonly orders: OrdersService,
    @Inject(EventEmitter2) private readonly events: EventEmitter2,
  ) {}

  @Get('handler/:id')
  handler(): void {
    this.orders.fail();
  }

  @Get('guard')
  @UseGuards(FailingGuard)
  guard(): void {}

  @Get('missing')
  missing(): void {
    throw new NotFoundException();
  }

  @Get('message')
  async message(): Promise<string> {
    await firstValueFrom(this.client.send('orders.message', { id: 1 })).catch(() => undefined);
    await this.client.close();
    return 'sent';
  }

  @Get('socket')
  async socket(): Promise<string> {
    const socket = io(`http://127.0.0.1:${process.env.PORT}`, { transports: ['websocket'] });
    socket.emit('orders.socket', { id: 1 });
    await new Promise((resolve) => socket.once('exception', resolve));
    socket.disconnect();
    return 'sent';
  }

  @Get('event')
  event(): string {
    this.events.emit('orders.event', { id: 1 });
    return 'emitted';
  }

  @MessagePattern('orders.message')
  @UseGuards(FailingGuard)
  answer(): void {}
}

@Tag('area', 'orders')
@WebSocketGateway()
class OrdersGateway {
  @SubscribeMessage('orders.socket')
  answer(): void {
    throw new Error('socket');
  }
}

@Tag('area', 'orders')
@Injectable()
class OrdersJobs {
  private hasRun = false;

  @Interval(10)
  async run(): Promise<void> {
    if (this.hasRun) return;
    this.hasRun = true;
    throw new Error('job');
  }

  @OnEvent('orders.event')
  async listen(): Promise<void> {
    throw new Error('event');
  }
}

/** What is exported by two ways must be the same, and inject the same. */
@Controller('copies')
class CopiesController {
  constructor(
    @Inject(ModuleRef) private readonly module: ModuleRef,
    @Inject(RavenClient) private readonly raven: RavenClient,
  ) {}

  @Get()
  async copies() {
    const names: string[] = [];
    const twice: string[] = [];
    const strangers: string[] = [];
    for (const [imported, required] of await bothWays()) {
      for (const [name, value] of Object.entries(required)) {
        names.push(name);
        if (Reflect.get(imported, name) !== value) twice.push(name);
      }
      for (const exported of [imported, required]) {
        const client: unknown = Reflect.get(exported, 'RavenClient');
        if (typeof client !== 'function') continue;
        if (this.module.get(client, { strict: false }) !== this.raven) strangers.push(client.name);
      }
    }
    return { names, twice, strangers };
  }
}

@IgnoreErrors(ServiceUnavailableException)
@Controller('health')
class HealthController {
  constructor(
    @Inject(HealthCheckService) private readonly health: HealthCheckService,
    @Inject(RavenHealthIndicator) private readonly raven: RavenHealthIndicator,
  ) {}

  @Get('details')
  details() {
    return this.health.check([() => this.raven.isHealthy('raven')]);
  }

  /** Nothing is as little as it wants. */
  @Get('strict')
  strict() {
    return this.health.check([() => this.raven.isHealthy('raven', { maxPending: -1 })]);
  }

  @Get('degraded')
  degraded() {
    return this.health.check([
      () => this.raven.isHealthy('raven', { maxPending: -1, unhealthyStatus: 'degraded' }),
    ]);
  }
}

const options: RavenOptions = {
  dsn: process.env.SENTRY_DSN,
  release: process.version,
  // What is not delivered when the app is stopped has the time for it, however busy the machine is.
  shutdownTimeoutMs: 15_000,
};

@Module({
  imports: [
    RavenModule.forRoot(options),
    ScheduleModule.forRoot(),
    EventEmitterModule.forRoot(),
    TerminusModule.forRoot({ logger: false }),
  ],
  controllers: [OrdersController, CopiesController, HealthController],
  providers: [OrdersService, OrdersGateway, OrdersJobs, RavenHealthIndicator],
})
export class AppModule {}
