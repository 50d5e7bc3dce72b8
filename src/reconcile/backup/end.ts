/** Backups end with their cluster, in the transaction that records its end. */
import { endBackup } from '../../domain/backup.ts'
import type { Cluster } from '../../domain/cluster/cluster.ts'
import { finishOperation } from '../../journal/history.ts'
import type { Writer } from '../../store/port.ts'
import { limits } from '../../limits.ts'

export async function endBackups(
  tx: Writer,
  { account, id: parent }: Pick<Cluster, 'account' | 'id'>,
  nowMs: number,
): Promise<void> {
  const all = {
    account,
    parent,
    order: 'oldest',
    limit: limits.backupsPerCluster,
    offset: 0,
  } as const
  for (const policy of (await tx.list('backupPolicy', all)).rows)
    await tx.remove('backupPolicy', policy)
  const detail = 'the cluster was released before it was done'
  for (const backup of (await tx.list('backup', all)).rows) {
    const { id, operation, state } = backup.document
    if (state === 'deleting') continue
    await finishOperation(tx, operation, { status: 'failed', nowMs, detail })
    await tx.save('backup', backup, endBackup(backup.document, ''))
    await tx.enqueue('backup', id, nowMs)
  }
}
