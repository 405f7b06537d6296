import { joinEnvelope } from '../../protocol/envelope';
import { parseEnvelope } from '../../protocol/parse-envelope';
import { quantityOf } from '../account';
import { spoolName, type SpoolName } from './spool-name';
import type { SpoolContent } from './spool.options';

/** What a file holds: an envelope in the form of the wire, with the DSN it is for, and what its name tells. */
export class SpoolFormat {
  readonly #publicDsn: string;
  readonly #writer: string;
  #sequence = 0;

  /** @param writer - the random part of the spool's owner */
  constructor(publicDsn: string, writer: string) {
    this.#publicDsn = publicDsn;
    this.#writer = writer;
  }

  encode({ headers, items, rank, createdMs, sequence }: SpoolContent): { name: SpoolName; bytes: Buffer } {
    const bytes = joinEnvelope({ ...headers, dsn: this.#publicDsn }, items);
    this.#sequence += 1;
    const name = spoolName({
      createdMs,
      rank,
      // What is written twice, as the end came in between, is one file all the same.
      sequence: sequence ?? this.#sequence,
      writer: this.#writer,
      eventId: headers.event_id,
      bytes: bytes.byteLength,
      quantity: quantityOf(items),
    });
    return { name, bytes };
  }

  /** @returns why it cannot be delivered, where it cannot */
  decode({ rank, createdMs }: SpoolName, bytes: Buffer): SpoolContent | 'torn' | 'foreign' {
    const envelope = parseEnvelope(bytes);
    if (envelope === undefined || envelope.items.length === 0) return 'torn';
    if (envelope.headers.dsn !== this.#publicDsn) return 'foreign';
    return { ...envelope, rank, createdMs };
  }
}
