import type { CaptureContext } from '../client/capture-context';
import { reportDecorator, type ReportDecorator } from './report-decorator';

/**
 * Groups errors of a class, a handler or a method: `@Fingerprint('{{ default }}', 'orders')`.
 *
 * @param parts - texts (`{{ default }}` stands for the server's own grouping), or one function that gives a list of them
 */
export function Fingerprint(
  ...parts: string[] | [(context: CaptureContext) => readonly string[]]
): ReportDecorator {
  const [first] = parts;
  return reportDecorator({
    fingerprint: typeof first === 'function' ? first : (parts as string[]),
  });
}
