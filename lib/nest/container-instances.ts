import type { ModuleRef } from '@nestjs/core';
import type { ClassOf } from '../raven.options';

/**
 * Where custom processors and event types come from in a Nest app: its container, where they are providers.
 *
 * @returns gives the provider of a class, or undefined where the class is none
 */
export function containerOf(moduleRef: ModuleRef): <T>(type: ClassOf<T>) => T | undefined {
  return (type) => {
    try {
      return moduleRef.get(type, { strict: false });
    } catch (error) {
      // Nest exports no class to tell it by.
      if ((error as Error).name === 'UnknownElementException') return undefined;
      if ((error as Error).constructor.name === 'UnknownElementException') return undefined;
      throw error;
    }
  };
}
