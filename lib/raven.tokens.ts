import type { InjectionToken } from '@nestjs/common';
import { Inject } from '@nestjs/common';
import { RavenClient } from './client/raven.client';

/** What a client is injected by: the unnamed one as its class, a named one by its name. */
export function getRavenToken(name?: string): InjectionToken {
  return name === undefined ? RavenClient : `RavenClient:${name}`;
}

/** Injects a client: `@InjectRaven('billing') raven: RavenClient`; without a name the unnamed one. */
export function InjectRaven(name?: string): ParameterDecorator & PropertyDecorator {
  return Inject(getRavenToken(name)) as ParameterDecorator & PropertyDecorator;
}
