import { randomBytes } from 'node:crypto';

/** What the name of an envelope's file tells: enough to order, count and check files without opening them. */
export interface SpoolName {
  /** Milliseconds since the epoch. */
  readonly createdMs: number;
  /** Higher matters more. */
  readonly rank: number;
  /** Rises with every file of a writer: tells which is older within a millisecond. */
  readonly sequence: number;
  /** Who wrote it; see `SpoolOwner`. */
  readonly writer: string;
  /** The event's id, or random. */
  readonly id: string;
  /** The file's length: one that has another is torn. */
  readonly bytes: number;
  /** How many events and the like are in it. */
  readonly quantity: number;
  /** The name itself, of a file that waits. */
  readonly text: string;
}

/** A file of the spool by its name. Whatever has another name is none of ours and never touched. */
export type SpoolEntry =
  | { kind: 'waiting'; name: SpoolName }
  | { kind: 'claimed' | 'writing'; name: SpoolName; owner: string }
  | { kind: 'lease'; owner: string };

const MAX_CREATED_MS = 10 ** 13 - 1;
const MAX_RANK = 99;
const SEQUENCES = 10 ** 8;
const MAX_BYTES = 10 ** 10 - 1;
const MAX_QUANTITY = 10 ** 6 - 1;

const ENVELOPE =
  '(?<created>\\d{13})-(?<rank>\\d{2})-(?<sequence>\\d{8})-(?<writer>[0-9a-f]{12})-(?<id>[0-9a-f]{32})' +
  '-(?<bytes>\\d{10})-(?<quantity>\\d{6})\\.envelope';
const OWNER = '(?<owner>[0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{12})';
const FILE = new RegExp(`^(?<text>${ENVELOPE})(?:\\.${OWNER}\\.(?<state>claimed|writing))?$`);
const LEASE = new RegExp(`^${OWNER}\\.lease$`);

/** Makes a name; numbers that are out of bounds are moved to the nearest that is not. */
export function spoolName(parts: {
  createdMs: number;
  rank: number;
  sequence: number;
  writer: string;
  eventId?: string;
  bytes: number;
  quantity: number;
}): SpoolName {
  const eventId = parts.eventId?.replaceAll('-', '').toLowerCase();
  const name = {
    createdMs: within(parts.createdMs, MAX_CREATED_MS),
    rank: within(parts.rank, MAX_RANK),
    sequence: parts.sequence % SEQUENCES,
    writer: parts.writer,
    id: eventId !== undefined && /^[0-9a-f]{32}$/.test(eventId) ? eventId : randomBytes(16).toString('hex'),
    bytes: within(parts.bytes, MAX_BYTES),
    quantity: within(parts.quantity, MAX_QUANTITY),
  };
  const text = [
    digits(name.createdMs, 13),
    digits(name.rank, 2),
    digits(name.sequence, 8),
    name.writer,
    name.id,
    digits(name.bytes, 10),
    `${digits(name.quantity, 6)}.envelope`,
  ].join('-');
  return { ...name, text };
}

/** The name of a file that somebody has for himself. */
export function claimedName(name: SpoolName, owner: string): string {
  return `${name.text}.${owner}.claimed`;
}

/** The name of a file that is not complete yet. */
export function writingName(name: SpoolName, owner: string): string {
  return `${name.text}.${owner}.writing`;
}

/** The name of the file whose time of change tells that its owner lives. */
export function leaseName(owner: string): string {
  return `${owner}.lease`;
}

/**
 * Reads the name of a file.
 *
 * @returns `undefined` for a name that the functions above do not make
 */
export function readEntry(fileName: string): SpoolEntry | undefined {
  const leaseOwner = LEASE.exec(fileName)?.groups?.['owner'];
  if (leaseOwner !== undefined) return { kind: 'lease', owner: leaseOwner };
  const groups = FILE.exec(fileName)?.groups;
  if (groups === undefined) return undefined;
  const name: SpoolName = {
    createdMs: Number(groups['created']),
    rank: Number(groups['rank']),
    sequence: Number(groups['sequence']),
    writer: groups['writer'],
    id: groups['id'],
    bytes: Number(groups['bytes']),
    quantity: Number(groups['quantity']),
    text: groups['text'],
  };
  const state = groups['state'];
  if (state !== 'claimed' && state !== 'writing') return { kind: 'waiting', name };
  return { kind: state, name, owner: groups['owner'] };
}

function digits(value: number, width: number): string {
  return String(value).padStart(width, '0');
}

function within(value: number, max: number): number {
  return Math.min(Math.max(0, Math.trunc(value) || 0), max);
}
