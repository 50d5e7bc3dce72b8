/**
 * Delivers what a cluster's processes write into their logs to the object storage of its client, piece by piece: every few minutes, and
 * before the cluster is removed. A piece is an object that is there whole or not at all; how far it has come is recorded behind each, so
 * that whoever continues after a kill delivers the last one again, under its name. A store that is away delays it; what the substrate has
 * deleted of a log meanwhile is missing, which the next piece says.
 */
import type { Sealer } from '../../kernel/seal.ts'
import type { Clock } from '../../kernel/clock.ts'
import { keyedMutex } from '../../kernel/keyed-mutex.ts'
import type { Logger } from '../../kernel/log.ts'
import type { Cluster } from '../../domain/cluster/cluster.ts'
import {
  afterGap,
  logFolder,
  logName,
  pieceName,
  withPiece,
  type LogSource,
} from '../../domain/log-delivery.ts'
import { clientKey, type ObjectStorageKey } from '../../domain/object-storage.ts'
import { limits } from '../../limits.ts'
import { Conflict, type Store } from '../../store/port.ts'
import type { LogPart, Substrate } from '../../substrate/port.ts'
import { wantedOf } from '../cluster/cluster.ts'
import type { Outcome } from '../cluster/step.ts'

export interface LogDeliveryReconciler {
  readonly kind: 'logDelivery'
  reconcile(id: string): Promise<Outcome>
  /** All that is there of a cluster that is about to be removed. Never throws, and takes seconds. */
  deliverLast(cluster: Cluster): Promise<void>
}

export interface LogDeliveryOptions {
  readonly store: Store
  readonly clock: Clock
  readonly sealer: Sealer
  readonly log: Logger
  readonly substrates: ReadonlyMap<string, Substrate>
  /** What writes below the folder of its logs. Rejects with a sentence, and so does that. */
  readonly writer: (cluster: Cluster) => Promise<(it: LogObject) => Promise<void>>
}

export interface LogObject {
  readonly name: string
  readonly body: Uint8Array
  /** Of its client; the store's own without. */
  readonly key: ObjectStorageKey | undefined
}

/** Pieces of one log in a row: the others have their turn, and what is left follows at once. */
const PIECES_IN_A_ROW = 8
/** A store that hangs holds up as many of the workers that all clusters share. */
const DELIVERIES_AT_ONCE = 2

export function logDeliveryReconciler(options: LogDeliveryOptions): LogDeliveryReconciler {
  const { store, log } = options
  /** Clusters whose last pieces could not be delivered: their end does not wait again. */
  const abandoned = new Set<string>()
  let atWork = 0
  // Two at once would number their pieces alike.
  const { withLock } = keyedMutex()
  return {
    kind: 'logDelivery',
    async reconcile(id) {
      const cluster = (await store.read((tx) => tx.findById('cluster', id)))?.document
      if (!cluster || cluster.status.state === 'deleted') {
        abandoned.delete(id)
        return forget(store, id)
      }
      if (!options.substrates.get(cluster.substrate)?.logSources) return forget(store, id)
      if (atWork >= DELIVERIES_AT_ONCE) return { done: false, againInMs: limits.pollMs }
      atWork++
      try {
        const isMore = await withLock(id, () => deliverAll(options, cluster))
        return { done: false, againInMs: isMore ? 0 : limits.logDeliveryMs }
      } catch (problem) {
        log.warn({ id, reason: (problem as Error).message }, 'logs are not delivered now')
        return { done: false, againInMs: limits.logDeliveryMs }
      } finally {
        atWork--
      }
    },
    async deliverLast(cluster) {
      const { id, spec } = cluster
      if (!logFolder(spec) || abandoned.has(id)) return
      try {
        const untilMs = options.clock.wall() + limits.lastLogsMs
        const isMore = () => withLock(id, () => deliverAll(options, cluster))
        while (options.clock.wall() < untilMs && (await isMore()));
      } catch (problem) {
        abandoned.add(id)
        log.warn(
          { id, reason: (problem as Error).message },
          'the last lines of logs are not delivered',
        )
      }
    },
  }
}

async function forget(store: Store, id: string): Promise<Outcome> {
  await store.write(async (tx) => {
    const found = await tx.findById('logDelivery', id)
    if (found) await tx.remove('logDelivery', found)
  })
  return { done: true }
}

/** Whether there is more. Throws a sentence where a piece cannot be delivered. */
async function deliverAll(options: LogDeliveryOptions, cluster: Cluster): Promise<boolean> {
  const substrate = options.substrates.get(cluster.substrate)
  let isMore = false
  // Looked for once, and only where there is something to write.
  let writer: ReturnType<LogDeliveryOptions['writer']> | undefined
  const put = async (it: LogObject) => (await (writer ??= options.writer(cluster)))(it)
  for (const source of substrate?.logSources?.(cluster.id) ?? []) {
    let pieces = 0
    while (pieces < PIECES_IN_A_ROW && (await deliverPiece({ ...options, put }, cluster, source)))
      pieces++
    isMore ||= pieces === PIECES_IN_A_ROW
  }
  return isMore
}

/** False when there is nothing to deliver. */
async function deliverPiece(
  {
    store,
    sealer,
    substrates,
    put,
  }: LogDeliveryOptions & { readonly put: (it: LogObject) => Promise<void> },
  cluster: Cluster,
  source: LogSource,
): Promise<boolean> {
  const { id } = cluster
  const found = await store.read((tx) => tx.findById('logDelivery', id))
  if (!found) return false
  const name = logName(source)
  const was = found.document.logs[name] ?? { pieces: 0 }
  const part = substrates.get(cluster.substrate)?.logs?.(id, { after: was.after ?? '', ...source })
  if (!part || part.text === '') return false
  const numbered = part.gap ? afterGap(was) : was
  const key = cluster.spec.storage && clientKeyOf(cluster, sealer)
  await put({ name: pieceName(id, name, numbered), body: bodyOf(part), key })
  try {
    const { pieces } = numbered
    const next = withPiece(found.document, name, { pieces, next: part.next })
    await store.write((tx) => tx.save('logDelivery', found, next))
  } catch (problem) {
    // It was forgotten meanwhile.
    if (!(problem instanceof Conflict)) throw problem
    return false
  }
  return true
}

function clientKeyOf(cluster: Cluster, sealer: Sealer): ObjectStorageKey {
  const { reveal } = wantedOf(cluster, sealer)
  return { keyId: reveal(clientKey.keyId) ?? '', secret: reveal(clientKey.secret) ?? '' }
}

function bodyOf({ text, gap }: LogPart): Uint8Array {
  const lost = '(lines before this were deleted before they could be delivered)\n'
  return Buffer.from(gap ? lost + text : text)
}
