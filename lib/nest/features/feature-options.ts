import { Module } from '@nestjs/common';
import type { Level } from '../../protocol/event';

/** What a feature module says of the errors raised in it; see `RavenModule.forFeature`. */
export interface RavenFeatureOptions {
  tags?: Record<string, unknown> | undefined;
  extra?: Record<string, unknown> | undefined;
  /** How bad its errors are. */
  level?: Level | undefined;
  /** Name of the client that reports them; see {@link RavenOptions.name}. */
  client?: string | undefined;
}

/** What the options of a feature are provided as. */
export const FEATURE_OPTIONS = Symbol('nestjs-raven:feature');

/** Marks the module that imports it. */
@Module({})
export class RavenFeatureModule {}
