/**
 * What may be asked of backups. They are begun by policies (reconcile/backup); a new cluster is made of one as any other is created
 * (`NewCluster.backup`).
 */
import { endBackup, type Backup, type BackupPolicy } from '../../domain/backup.ts'
import { Fault } from '../../domain/fault.ts'
import type { Page } from '../../store/port.ts'
import type { Call } from '../call.ts'
import { presentCluster, recordOperation, type Requirement } from '../cluster/modify.ts'
import {
  listBackups,
  listPolicies,
  presentBackup,
  type BackupListing,
  type BackupListParts,
} from './list.ts'
import {
  addPolicy,
  removePolicy,
  updatePolicy,
  type PolicyParts,
  type PolicyTerms,
} from './policy.ts'

export interface Backups {
  list(call: Call, listing: BackupListing): Promise<Page<'backup'>>
  /** Throws BackupNotFound. */
  get(call: Call, id: string): Promise<Backup>
  describe(call: Call, id: string, description: string): Promise<void>
  /** Deletes it with its data. Throws ClusterNotFound, BackupNotFound, and BackupUnfit for one that is being taken. */
  remove(call: Call, cluster: string, id: string): Promise<void>
  policies(
    call: Call,
    listing: { readonly parent?: string; readonly ids?: readonly string[] },
  ): Promise<Page<'backupPolicy'>>
  addPolicy(
    call: Call,
    it: { readonly cluster: string; readonly terms: PolicyTerms; readonly require: Requirement },
  ): Promise<BackupPolicy>
  updatePolicy(
    call: Call,
    it: {
      readonly cluster: string
      readonly policy: string
      readonly terms: (was: BackupPolicy) => PolicyTerms
    },
  ): Promise<void>
  removePolicy(call: Call, it: { readonly cluster: string; readonly policy: string }): Promise<void>
}

export type BackupsParts = PolicyParts & BackupListParts

export function backups(parts: BackupsParts): Backups {
  const { store, clock } = parts
  return {
    list: (call, listing) => listBackups(parts, call, listing),
    get: (call, id) => store.read(async (tx) => (await presentBackup(tx, call, id)).document),
    async describe(call, id, description) {
      await store.write(async (tx) => {
        const found = await presentBackup(tx, call, id)
        await tx.save('backup', found, { ...found.document, description })
      })
    },
    async remove(call, cluster, id) {
      await store.write(async (tx) => {
        await presentCluster(tx, call, cluster)
        const found = await presentBackup(tx, call, id)
        const { state } = found.document
        if (found.document.cluster !== cluster) throw new Fault('BackupNotFound', { id })
        if (state === 'running') throw new Fault('BackupUnfit', { id, state })
        if (state === 'deleting') return
        const operation = await recordOperation(tx, parts, {
          call,
          id: cluster,
          verb: 'delete-backup',
          steps: ['remove'],
        })
        await tx.save('backup', found, endBackup(found.document, operation.id))
        await tx.enqueue('backup', id, clock.now())
      })
    },
    policies: (call, listing) => listPolicies(parts, call, listing),
    addPolicy: (call, it) => addPolicy(parts, call, it),
    updatePolicy: (call, it) => updatePolicy(parts, call, it),
    removePolicy: (call, it) => removePolicy(parts, call, it),
  }
}
