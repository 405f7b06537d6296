import { describeValue } from './describe-value';
import type { RavenModuleExtras } from './raven.module-definition';
import type { RavenOptions } from './raven.options';
import { InvalidOptionsError, requireOptions } from './validate-options';
import { isFilledText } from './value-kinds';

/** What says where the options come from, as `forRootAsync` takes it. */
interface Source extends RavenModuleExtras {
  useFactory?: unknown;
  useClass?: unknown;
  useExisting?: unknown;
}

/** @throws InvalidOptionsError where what `forRoot` was given is no object, or its `isGlobal` or `name` cannot be */
export function validateGiven(options: RavenModuleExtras): void {
  requireOptions('RavenModule: the options are', options);
  validateExtras(options);
}

/** @throws InvalidOptionsError where what `forRootAsync` was given tells of no options */
export function validateSource(source: Source): void {
  const expected = 'an object with useFactory, useClass or useExisting';
  requireOptions('RavenModule.forRootAsync: was given', source, expected);
  const { useFactory, useClass, useExisting } = source;
  if (!useFactory && !useClass && !useExisting) {
    throw new InvalidOptionsError(
      `RavenModule.forRootAsync: was given none of its sources; expected ${expected}`,
    );
  }
  if (useFactory && typeof useFactory !== 'function') {
    throw new InvalidOptionsError(
      `RavenModule.forRootAsync: "useFactory" is ${describeValue(useFactory)}; expected a function`,
    );
  }
  validateExtras(source);
}

/**
 * What a factory made, without what concerns the module alone.
 *
 * @param beside - what stands beside the factory; Nest needs it before the factory runs
 * @throws InvalidOptionsError where the factory made no options, or says otherwise
 */
export function clientOptions(
  made: RavenOptions & RavenModuleExtras,
  beside: RavenModuleExtras,
): RavenOptions {
  requireOptions('RavenModule.forRootAsync: the factory returned', made, 'an object of options');
  const { isGlobal, ...options } = made;
  refuseOther('isGlobal', isGlobal, beside.isGlobal);
  refuseOther('name', options.name, beside.name);
  return { ...options, name: beside.name };
}

function refuseOther(option: keyof RavenModuleExtras, made: unknown, beside: unknown): void {
  if (made === undefined || made === beside) return;
  const there = beside === undefined ? 'nothing' : describeValue(beside);
  throw new InvalidOptionsError(
    `RavenModule.forRootAsync: the factory returned "${option}" as ${describeValue(made)}, and ${there} stands beside it; expected it beside the factory, forRootAsync({ ${option}: …, useFactory })`,
  );
}

function validateExtras({ isGlobal, name }: RavenModuleExtras): void {
  if (isGlobal !== undefined && typeof isGlobal !== 'boolean') {
    throw new InvalidOptionsError(
      `RavenModule: the option "isGlobal" is ${describeValue(isGlobal)}; expected true or false`,
    );
  }
  if (name !== undefined && !isFilledText(name)) {
    throw new InvalidOptionsError(
      `RavenModule: the option "name" is ${describeValue(name)}; expected a name that is not empty`,
    );
  }
}
