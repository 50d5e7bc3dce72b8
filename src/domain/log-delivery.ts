/** How far the logs of a cluster have been delivered to the object storage of its client. Pure. */
import type { ClusterSpec } from './cluster/spec.ts'
import type { ObjectVolume } from './object-storage.ts'

/** The folder that the logs of a cluster go to. */
export function logFolder({
  storage,
  logs,
}: Pick<ClusterSpec, 'storage' | 'logs'>): ObjectVolume | undefined {
  return storage?.logs ?? logs
}

export interface LogDelivery {
  /** Of the cluster. */
  readonly id: string
  readonly account: string
  /** By the name of the log. */
  readonly logs: Readonly<Record<string, DeliveredLog>>
}

export interface DeliveredLog {
  /** Where the next piece begins, as the substrate names places; absent before the first one. */
  readonly after?: string
  /** How many pieces there are. */
  readonly pieces: number
}

export interface LogSource {
  /** What writes it, and the node that it does so for; absent for one that serves all nodes. */
  readonly role: string
  readonly node?: string
}

/** The folder of its pieces below the cluster's; also what it is called. */
export function logName({ role, node }: LogSource): string {
  return node === undefined ? role : `${node}/${role}`
}

const PIECE_DIGITS = 8

/** Sorted as they were written. One that is delivered again, as nobody knows whether it was, has the same name. */
export function pieceName(id: string, log: string, { pieces }: DeliveredLog): string {
  return `${id}/${log}/${String(pieces + 1).padStart(PIECE_DIGITS, '0')}.log`
}

/**
 * After a gap the piece has another number: what was delivered under the one before, but not recorded, is gone from the substrate, and
 * must not be replaced.
 */
export function afterGap(log: DeliveredLog): DeliveredLog {
  return { ...log, pieces: log.pieces + 1 }
}

export function withPiece(
  delivery: LogDelivery,
  log: string,
  { pieces, next }: { readonly pieces: number; readonly next: string },
): LogDelivery {
  return { ...delivery, logs: { ...delivery.logs, [log]: { after: next, pieces: pieces + 1 } } }
}
