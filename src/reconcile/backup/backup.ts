/**
 * Reconciles one backup: has its copy taken, ends it with its time, and removes its data before it is forgotten. What it does to a
 * substrate may be repeated, so that a reconciler that was killed after any step continues where it was.
 */
import {
  completeBackup,
  endBackup,
  failBackup,
  snapshotOf,
  type Backup,
} from '../../domain/backup.ts'
import { recordIncident, type Cluster } from '../../domain/cluster/cluster.ts'
import { stateTraits } from '../../domain/cluster/lifecycle.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { Random } from '../../kernel/random.ts'
import { addToHistory, finishOperation } from '../../journal/history.ts'
import { openRestores } from '../../journal/restore.ts'
import type { Store, Stored } from '../../store/port.ts'
import type { SeenSnapshot, Snapshots, Substrate } from '../../substrate/port.ts'
import { limits } from '../../limits.ts'
import type { Outcome } from '../cluster/step.ts'
import { sweepBackups } from './sweep.ts'

export interface BackupReconciler {
  readonly kind: 'backup'
  reconcile(id: string): Promise<Outcome>
  sweep(): Promise<void>
}

export interface BackupReconcilerOptions {
  readonly store: Store
  readonly substrates: ReadonlyMap<string, Substrate>
  readonly clock: Clock
  readonly random: Random
}

export function backupReconciler(options: BackupReconcilerOptions): BackupReconciler {
  const { store } = options
  return {
    kind: 'backup',
    async reconcile(id) {
      const found = await store.read((tx) => tx.findById('backup', id))
      if (!found) return { done: true }
      switch (found.document.state) {
        case 'running':
          return take(options, found)
        case 'completed':
        case 'failed':
          return expire(options, found)
        case 'deleting':
          return discard(options, found)
      }
    },
    sweep: () => sweepBackups(options),
  }
}

const again = (againInMs?: number): Outcome => ({ done: false, againInMs })

function snapshotsOf({ substrates }: BackupReconcilerOptions, { substrate }: Backup): Snapshots {
  const found = substrates.get(substrate)?.snapshots
  if (!found) throw new Error(`${substrate} has no snapshots`)
  return found
}

async function take(options: BackupReconcilerOptions, found: Stored<'backup'>): Promise<Outcome> {
  const { store, clock } = options
  const backup = found.document
  const cluster = (await store.read((tx) => tx.findById('cluster', backup.cluster)))?.document
  if (!cluster || !stateTraits[cluster.status.state].modifiable)
    return fail(options, found, 'the cluster was released before it was done')
  const snapshots = snapshotsOf(options, backup)
  const key = snapshotOf(backup)
  const before = await snapshots.observe(key)
  const obstacle = before.phase === 'absent' ? absence(cluster) : undefined
  const isOver = clock.now() >= backup.deadlineMs
  if (obstacle === undefined && !isOver) await snapshots.take(key)
  const seen = await snapshots.observe(key)
  if (seen.phase === 'taken') return complete(options, found, seen)
  if (seen.phase === 'failed') return fail(options, found, seen.reason ?? 'it could not be copied')
  if (isOver) return fail(options, found, `it was not done in time: ${backup.reason}`)
  const reason = obstacle ?? 'waiting for the copy'
  if (reason !== backup.reason)
    await store.write((tx) => tx.save('backup', found, { ...backup, reason }))
  const soonMs = seen.phase === 'absent' && !obstacle ? SOON_MS : limits.pollMs
  return again(Math.min(seen.changesInMs ?? soonMs, backup.deadlineMs - clock.now()))
}

/** Whoever should copy is not there, and is being started again. */
const SOON_MS = 500

/** What keeps a copy from being begun. */
function absence({ status: { state } }: Cluster): string | undefined {
  return state === 'running' ? undefined : `waiting for the cluster, which is ${state}`
}

async function complete(
  { store, clock }: BackupReconcilerOptions,
  found: Stored<'backup'>,
  { bytes = 0, tables = [] }: SeenSnapshot,
): Promise<Outcome> {
  const nowMs = clock.now()
  const kept = tables.slice(0, limits.backupTables)
  const backup = completeBackup(found.document, { bytes, tables: kept, nowMs })
  await store.write(async (tx) => {
    await tx.save('backup', found, backup)
    await finishOperation(tx, backup.operation, { status: 'completed', nowMs })
  })
  return again(Math.max(0, backup.expiresMs - nowMs))
}

/** What was copied goes first: a backup that failed has left nothing. */
async function fail(
  options: BackupReconcilerOptions,
  found: Stored<'backup'>,
  reason: string,
): Promise<Outcome> {
  const { store, clock } = options
  await snapshotsOf(options, found.document).discard(snapshotOf(found.document))
  const nowMs = clock.now()
  const backup = failBackup(found.document, reason, nowMs)
  await store.write(async (tx) => {
    await tx.save('backup', found, backup)
    await finishOperation(tx, backup.operation, { status: 'failed', nowMs, detail: reason })
    const cluster = await tx.findById('cluster', backup.cluster)
    if (!cluster) return
    const incident = {
      kind: 'backup-failed',
      reason: `${backup.id}: ${reason}`,
      atMs: nowMs,
    } as const
    await tx.save('cluster', cluster, recordIncident(cluster.document, incident))
  })
  return again(Math.max(0, backup.expiresMs - nowMs))
}

async function expire(
  { store, clock, random }: BackupReconcilerOptions,
  found: Stored<'backup'>,
): Promise<Outcome> {
  const nowMs = clock.now()
  const backup = found.document
  if (nowMs < backup.expiresMs) return again(backup.expiresMs - nowMs)
  const { account, region, cluster: subject } = backup
  await store.write(async (tx) => {
    const who = { account, region, subject, principal: 'system/backup', requestId: '' }
    const operation = await addToHistory(
      tx,
      { ...who, action: 'backup:expire', verb: 'delete-backup', steps: ['remove'] },
      { nowMs, random },
    )
    await tx.save('backup', found, endBackup(backup, operation.id))
  })
  return again(0)
}

/** Once nobody is being made of it any more. */
async function discard(
  options: BackupReconcilerOptions,
  found: Stored<'backup'>,
): Promise<Outcome> {
  const { store, clock } = options
  const { operation } = found.document
  const open = await store.read((tx) => openRestores(tx, found.document))
  if (open.length > 0) return again()
  await snapshotsOf(options, found.document).discard(snapshotOf(found.document))
  await store.write(async (tx) => {
    await tx.remove('backup', found)
    await finishOperation(tx, operation, { status: 'completed', nowMs: clock.now() })
  })
  return { done: true }
}
