/**
 * Reconciles a backup policy: when its time has come, a backup begins and the next time is set, in one transaction. Times that
 * passed while nobody looked are one backup. A policy whose cluster goes, goes.
 */
import { beginBackup, scheduled, type BackupPolicy } from '../../domain/backup.ts'
import type { Cluster } from '../../domain/cluster/cluster.ts'
import { stateTraits } from '../../domain/cluster/lifecycle.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { Random } from '../../kernel/random.ts'
import { addToHistory, finishOperation } from '../../journal/history.ts'
import type { Store, Writer } from '../../store/port.ts'
import { limits } from '../../limits.ts'
import type { Outcome } from '../cluster/step.ts'

export interface BackupPolicyReconciler {
  readonly kind: 'backupPolicy'
  reconcile(id: string): Promise<Outcome>
}

export interface BackupPolicyOptions {
  readonly store: Store
  readonly clock: Clock
  readonly random: Random
}

export function backupPolicyReconciler(options: BackupPolicyOptions): BackupPolicyReconciler {
  const { store, clock } = options
  return {
    kind: 'backupPolicy',
    reconcile: (id) =>
      store.write(async (tx) => {
        const found = await tx.findById('backupPolicy', id)
        if (!found) return { done: true }
        const policy = found.document
        const cluster = await tx.findById('cluster', policy.cluster)
        if (!cluster || !stateTraits[cluster.document.status.state].modifiable) {
          await tx.remove('backupPolicy', found)
          return { done: true }
        }
        const nowMs = clock.now()
        if (nowMs < policy.nextMs) return { done: false, againAtMs: policy.nextMs }
        await begin(tx, options, { policy, cluster: cluster.document })
        const next = scheduled(policy, nowMs)
        await tx.save('backupPolicy', found, next)
        return { done: false, againAtMs: next.nextMs }
      }),
  }
}

/** The backup, with its operation; one that cannot be is an operation that failed. */
async function begin(
  tx: Writer,
  { clock, random }: BackupPolicyOptions,
  { policy, cluster }: { readonly policy: BackupPolicy; readonly cluster: Cluster },
): Promise<void> {
  const nowMs = clock.now()
  const { account, id: subject, region } = cluster
  const operation = await addToHistory(
    tx,
    {
      account,
      subject,
      region,
      requestId: '',
      principal: 'system/backup',
      action: 'backup:policy',
      verb: 'backup',
      steps: ['copy'],
    },
    { nowMs, random },
  )
  const detail = await obstacle(tx, cluster)
  if (detail !== undefined) {
    await finishOperation(tx, operation.id, { status: 'failed', nowMs, detail })
    return
  }
  const id = `bt-${random.hex(16)}`
  const backup = beginBackup(policy, cluster, { id, operation: operation.id, nowMs })
  await tx.insert('backup', backup, nowMs)
  await tx.enqueue('backup', id, nowMs)
}

/** Why there can be no backup now. */
async function obstacle(tx: Writer, { account, id: parent }: Cluster): Promise<string | undefined> {
  const all = { account, parent, order: 'newest', limit: 1, offset: 0 } as const
  const { total } = await tx.list('backup', all)
  if (total >= limits.backupsPerCluster)
    return `the cluster has ${total} backups, and more are not kept`
  const open = await tx.list('backup', { ...all, states: ['running'] })
  return open.total > 0 ? 'the backup before it is still being taken' : undefined
}
