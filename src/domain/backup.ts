/**
 * Backups: copies of a cluster's data at one moment, taken by a policy. A backup is kept with what its cluster was then, so that
 * a new cluster can be made of both. It ends with its time, by request, or with its cluster. Pure.
 */
import type { Cluster } from './cluster/cluster.ts'
import type { SnapshotKey } from './cluster/spec.ts'
import { DATA_KEY } from './encryption-key.ts'
import { Fault } from './fault.ts'
import { nextOccurrence, type Recurrence } from './recurrence.ts'

/** A table that is inside. A part of the storage that tables share counts for each of them. */
export interface BackupTable {
  readonly database: string
  readonly table: string
  readonly rows: number
  readonly bytes: number
}

export type BackupState = 'running' | 'completed' | 'failed' | 'deleting'

export interface Backup {
  readonly id: string
  readonly account: string
  readonly region: string
  readonly product: string
  readonly cluster: string
  /** Where its data are. */
  readonly substrate: string
  readonly state: BackupState
  /** Why it failed, or what it waits for. */
  readonly reason: string
  readonly description: string
  /** Id of the operation that it is, and then of the one that deletes it. */
  readonly operation: string
  readonly startedMs: number
  /** It fails unless it is done by then. */
  readonly deadlineMs: number
  readonly finishedMs?: number
  /** Deleted then. */
  readonly expiresMs: number
  readonly bytes: number
  readonly tables: readonly BackupTable[]
  /** What its cluster was when it began. */
  readonly origin: BackupOrigin
  /** Clusters that are being made of it: its data stay until they are. */
  readonly restoring: readonly string[]
}

export interface BackupOrigin extends Pick<
  Cluster,
  'name' | 'resourceGroup' | 'tags' | 'spec' | 'extension'
> {
  /** What its data are encrypted with, wrapped, and sealed as its cluster has it. */
  readonly dataKey?: string
}

export interface BackupPolicy {
  readonly id: string
  readonly account: string
  readonly region: string
  readonly product: string
  readonly cluster: string
  readonly createdMs: number
  readonly recurrence: Recurrence
  readonly expireDays: number
  readonly timeoutSeconds: number
  /** When the next backup is due. */
  readonly nextMs: number
}

const DAY_MS = 24 * 60 * 60_000

function originOf(cluster: Cluster): BackupOrigin {
  const { name, resourceGroup, tags, spec, extension, secrets } = cluster
  const dataKey = secrets[DATA_KEY]
  return { name, resourceGroup, tags, spec, extension, ...(dataKey && { dataKey }) }
}

/** The backup at its beginning. */
export function beginBackup(
  policy: BackupPolicy,
  cluster: Cluster,
  it: { readonly id: string; readonly operation: string; readonly nowMs: number },
): Backup {
  const { id, operation, nowMs } = it
  const { account, region, product, substrate } = cluster
  return {
    id,
    account,
    region,
    product,
    cluster: cluster.id,
    substrate,
    state: 'running',
    reason: 'waiting for the copy',
    description: '',
    operation,
    startedMs: nowMs,
    deadlineMs: nowMs + policy.timeoutSeconds * 1000,
    expiresMs: nowMs + policy.expireDays * DAY_MS,
    bytes: 0,
    tables: [],
    origin: originOf(cluster),
    restoring: [],
  }
}

export function completeBackup(
  backup: Backup,
  it: { readonly bytes: number; readonly tables: readonly BackupTable[]; readonly nowMs: number },
): Backup {
  const { bytes, tables, nowMs: finishedMs } = it
  return { ...backup, state: 'completed', reason: '', bytes, tables, finishedMs }
}

export function failBackup(backup: Backup, reason: string, nowMs: number): Backup {
  return { ...backup, state: 'failed', reason, finishedMs: backup.finishedMs ?? nowMs }
}

/** The backup on its way out; `operation` is the one that deletes it. */
export function endBackup(backup: Backup, operation: string): Backup {
  return { ...backup, state: 'deleting', reason: 'waiting to be deleted', operation }
}

/** Its data stay until the cluster is made. Throws BackupUnfit for one that is not complete. */
export function beginRestore(backup: Backup, cluster: string): Backup {
  const { id, state, restoring } = backup
  if (state !== 'completed') throw new Fault('BackupUnfit', { id, state })
  return { ...backup, restoring: [...restoring, cluster] }
}

export function snapshotOf({ cluster, id }: Pick<Backup, 'cluster' | 'id'>): SnapshotKey {
  return { cluster, snapshot: id }
}

/** The policy with its next time after `afterMs`. */
export function scheduled(policy: BackupPolicy, afterMs: number): BackupPolicy {
  // One that recurs every day, week or month always has a next time.
  const nextMs = nextOccurrence(policy.recurrence, afterMs) ?? afterMs + DAY_MS
  return { ...policy, nextMs }
}
