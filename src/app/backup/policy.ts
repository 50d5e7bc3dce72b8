/** Policies by which a cluster is backed up: one at most for each cluster. The reconciler begins a backup whenever one is due. */
import { scheduled, type BackupPolicy } from '../../domain/backup.ts'
import type { Cluster } from '../../domain/cluster/cluster.ts'
import { Fault } from '../../domain/fault.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { Random } from '../../kernel/random.ts'
import type { Reader, Store, Stored, Writer } from '../../store/port.ts'
import type { Call } from '../call.ts'
import { presentCluster, type Requirement } from '../cluster/modify.ts'
import type { Placement } from '../cluster/placement.ts'

export type PolicyTerms = Pick<BackupPolicy, 'recurrence' | 'expireDays' | 'timeoutSeconds'>

export interface PolicyParts {
  readonly store: Store
  readonly clock: Clock
  readonly random: Random
  readonly placement: Pick<Placement, 'checkSnapshots'>
}

const ONE = { order: 'oldest', limit: 1, offset: 0 } as const
const POLICIES_PER_CLUSTER = 1

/** Throws ClusterNotFound, NotSupported, LimitReached. */
export async function addPolicy(
  parts: PolicyParts,
  call: Call,
  it: { readonly cluster: string; readonly terms: PolicyTerms; readonly require: Requirement },
): Promise<BackupPolicy> {
  const { store, clock, random, placement } = parts
  return store.write(async (tx) => {
    const { document: cluster } = await presentCluster(tx, call, it.cluster)
    it.require(cluster)
    placement.checkSnapshots(cluster)
    const { account, id: parent, region, product } = cluster
    if ((await tx.list('backupPolicy', { ...ONE, account, parent })).total > 0)
      throw new Fault('LimitReached', { what: 'backup policies', limit: POLICIES_PER_CLUSTER })
    const nowMs = clock.now()
    const id = `bk-policy-${random.serial.hex(16)}`
    const whose = { id, account, region, product, cluster: parent, createdMs: nowMs }
    const policy = scheduled({ ...whose, ...it.terms, nextMs: nowMs }, nowMs)
    await tx.insert('backupPolicy', policy, nowMs)
    await tx.enqueue('backupPolicy', policy.id, policy.nextMs)
    await audit(tx, call, { cluster, nowMs })
    return policy
  })
}

/** What it does from now on; backups that were taken keep their time. Throws ClusterNotFound, BackupPolicyNotFound. */
export async function updatePolicy(
  { store, clock }: PolicyParts,
  call: Call,
  it: {
    readonly cluster: string
    readonly policy: string
    readonly terms: (was: BackupPolicy) => PolicyTerms
  },
): Promise<void> {
  await store.write(async (tx) => {
    const { document: cluster } = await presentCluster(tx, call, it.cluster)
    const found = await policyOf(tx, cluster, it.policy)
    const nowMs = clock.now()
    const next = scheduled({ ...found.document, ...it.terms(found.document) }, nowMs)
    await tx.save('backupPolicy', found, next)
    await tx.enqueue('backupPolicy', next.id, next.nextMs)
    await audit(tx, call, { cluster, nowMs })
  })
}

/** Its backups stay until their time. Throws ClusterNotFound, BackupPolicyNotFound. */
export async function removePolicy(
  { store, clock }: PolicyParts,
  call: Call,
  it: { readonly cluster: string; readonly policy: string },
): Promise<void> {
  await store.write(async (tx) => {
    const { document: cluster } = await presentCluster(tx, call, it.cluster)
    const found = await policyOf(tx, cluster, it.policy)
    await tx.remove('backupPolicy', found)
    await audit(tx, call, { cluster, nowMs: clock.now() })
  })
}

async function policyOf(tx: Reader, cluster: Cluster, id: string): Promise<Stored<'backupPolicy'>> {
  const found = await tx.find('backupPolicy', cluster.account, id)
  if (found?.document.cluster !== cluster.id) throw new Fault('BackupPolicyNotFound', { id })
  return found
}

/** Policies have no operation: they are in force with their answer. */
async function audit(
  tx: Writer,
  { principal, action, requestId, region }: Call,
  { cluster, nowMs }: { readonly cluster: Cluster; readonly nowMs: number },
): Promise<void> {
  const { account, kind, name } = principal
  const who = { account, principal: `${kind}/${name}`, action, requestId, region }
  await tx.addAudit({ ...who, subject: cluster.id, atMs: nowMs })
}
