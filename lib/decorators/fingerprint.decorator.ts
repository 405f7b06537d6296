import type { CaptureContext } from '../client/capture-context';
import { wrongArgument } from './decorator-arguments';
import { reportDecorator, type ReportDecorator } from './report-decorator';

/**
 * Groups errors of a class, a handler or a method: `@Fingerprint('{{ default }}', 'orders')`.
 *
 * @param parts - texts (`{{ default }}` stands for the server's own grouping), or one function that gives a list of them
 * @throws TypeError, when the class is defined, where it is given anything else
 */
export function Fingerprint(
  ...parts: string[] | [(context: CaptureContext) => readonly string[]]
): ReportDecorator {
  const [first] = parts;
  for (const part of parts) {
    if (typeof part === 'string' || (typeof part === 'function' && parts.length === 1)) continue;
    throw wrongArgument('@Fingerprint', part, 'texts, or one function that gives a list of them');
  }
  return reportDecorator({
    fingerprint: typeof first === 'function' ? first : (parts as string[]),
  });
}
