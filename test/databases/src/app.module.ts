import { Controller, Get, Injectable, Module, Param, type OnModuleInit } from '@nestjs/common';
import { InjectDataSource, TypeOrmModule } from '@nestjs/typeorm';
import { PrismaPg } from '@prisma/adapter-pg';
import { RavenModule } from 'nestjs-raven';
import { DataSource, type LoggerOptions } from 'typeorm';
import { PrismaClient } from './generated/client.js';

const url = process.env.DATABASE_URL;

interface PrismaSettings {
  adapter: PrismaPg;
  log: [{ emit: 'event'; level: 'query' }];
}

@Injectable()
class Prisma extends PrismaClient<PrismaSettings> implements OnModuleInit {
  /** What the app's own listener heard. */
  readonly heard: string[] = [];

  constructor() {
    // One connection for all requests: what comes over it belongs to different ones.
    super({
      adapter: new PrismaPg({ connectionString: url, max: 1 }),
      log: [{ emit: 'event', level: 'query' }],
    });
    this.$on('query', ({ query }) => this.heard.push(query));
  }

  async onModuleInit(): Promise<void> {
    await this.$connect();
  }
}

/** A data source that is connected once its module starts, and not while it is made. */
@Injectable()
class LateDatabase extends DataSource implements OnModuleInit {
  constructor() {
    super({ type: 'sqljs' });
  }

  async onModuleInit(): Promise<void> {
    await this.initialize();
    await this.query('CREATE TABLE notes (text TEXT UNIQUE)');
  }
}

/** Each fails after queries that name the order, so that what arrives tells whose it is. */
@Controller()
class Orders {
  constructor(
    @InjectDataSource() private readonly typeorm: DataSource,
    private readonly late: LateDatabase,
    private readonly prisma: Prisma,
  ) {}

  @Get('typeorm/:order')
  async throughTypeorm(@Param('order') order: string): Promise<void> {
    const column = nameOf(order);
    await this.typeorm.query(`SELECT 'secret-${order}' AS ${column}, $1::text AS given`, [`secret-${order}`]);
    await this.typeorm.transaction(async (manager) => {
      await manager.query(`INSERT INTO "Label" (text) VALUES ($1) RETURNING id AS ${column}`, [
        `secret-${order}`,
      ]);
    });
    await this.typeorm.query(`SELECT nothing AS ${column} WHERE text = 'secret'`);
  }

  @Get('sqljs/:order')
  async throughSqljs(@Param('order') order: string): Promise<void> {
    const column = nameOf(order);
    await this.late.query('INSERT INTO notes VALUES (?)', [`secret-${order}`]);
    await this.late.query(`SELECT text AS ${column} FROM notes WHERE text = ?`, [`secret-${order}`]);
    await this.late.query('INSERT INTO notes VALUES (?)', [`secret-${order}`]);
  }

  @Get('prisma/:order')
  async throughPrisma(@Param('order') order: string): Promise<void> {
    const column = nameOf(order);
    await this.prisma.label.create({ data: { text: `secret-${order}` } });
    await this.prisma.$queryRawUnsafe(`SELECT 'secret-${order}' AS ${column}`);
    await this.prisma.label.create({ data: { text: `secret-${order}` } });
  }

  @Get('heard')
  heard(): { prisma: number; typeorm: number } {
    return { prisma: this.prisma.heard.length, typeorm: logged.length };
  }
}

/** The app's own logger of TypeORM. */
const logged: string[] = [];
const logger = {
  logQuery: (query: string) => void logged.push(query),
  logQueryError: (_error: unknown, query: string) => void logged.push(query),
  logQuerySlow: () => {},
  logSchemaBuild: () => {},
  logMigration: () => {},
  log: () => {},
};

function nameOf(order: string): string {
  return `order_${order.replaceAll(/\W/g, '')}`;
}

@Module({
  imports: [
    RavenModule.forRoot({
      includeVersions: false,
      breadcrumbSources: { request: false, http: false },
      // What is not delivered when the app is stopped has the time for it, however busy the machine is.
      shutdownTimeoutMs: 15_000,
    }),
    TypeOrmModule.forRoot({
      type: 'postgres',
      url,
      logger,
      logging: 'all' satisfies LoggerOptions,
      poolSize: 1,
    }),
  ],
  controllers: [Orders],
  providers: [Prisma, LateDatabase],
})
export class AppModule {}
