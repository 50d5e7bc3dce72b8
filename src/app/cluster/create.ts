/** Creating a cluster: exactly once for each idempotency key, with everything that belongs to it in one commit. */
import { canonicalJson } from '../../kernel/json.ts'
import { beginRestore, snapshotOf, type Backup } from '../../domain/backup.ts'
import { begunBy } from '../../domain/billing.ts'
import type { Cluster } from '../../domain/cluster/cluster.ts'
import { groupShare } from '../../domain/cluster/node-group.ts'
import type { ClusterSpec } from '../../domain/cluster/spec.ts'
import { Fault } from '../../domain/fault.ts'
import { logFolder } from '../../domain/log-delivery.ts'
import type { Order } from '../../domain/order.ts'
import { isBeforeStart, startSteps } from '../../domain/script.ts'
import { openRestores } from '../../journal/restore.ts'
import { Conflict, type Store, type Writer } from '../../store/port.ts'
import { limits } from '../../limits.ts'
import { presentBackup } from '../backup/list.ts'
import type { Call } from '../call.ts'
import { beginJobFlow, type NewJobFlow } from '../job-flow/begin.ts'
import type { Environments } from '../environment/environments.ts'
import type { Allocation } from '../environment/allocation.ts'
import { placeWatched } from '../billing/order-placement.ts'
import { claimIdempotencyKey, findAnswer, type IdempotencyKey } from './idempotency.ts'
import type { IdempotencyParts } from './idempotency.ts'
import { recordOperation, sealedSecrets, type OperationParts } from './modify.ts'
import type { Placement } from './placement.ts'

/** A cluster as it is asked for; the core adds its state and seals its secrets. */
export interface NewCluster {
  readonly cluster: Omit<Cluster, CoreMembers> & {
    readonly spec: Omit<ClusterSpec, 'generation' | 'running'>
  }
  /** Clear texts by name; sealed before they are written. */
  readonly secrets: Readonly<Record<string, string>>
  readonly order: Omit<Order, 'account' | 'cluster' | 'createdMs'>
  /** A code that takes something off the price; one that is in no catalogue takes nothing off. */
  readonly coupon?: string
  /** What the account must have at hand beyond the price of the order itself, in ten-thousandths. */
  readonly reserve?: number
  /** What it is made for. */
  readonly jobFlow?: NewJobFlow
  /** What it is made of: it begins with these data. */
  readonly backup?: Backup
  /** What it takes from its environment; without it, nothing. */
  readonly allocation?: Allocation
}

type CoreMembers =
  | 'account'
  | 'product'
  | 'createdMs'
  | 'substrate'
  | 'reservations'
  | 'secrets'
  | 'spec'
  | 'status'

export interface CreateRequest extends IdempotencyKey {
  /** Refused while an identical one of the account is unpaid or not yet carried out; for requests without a token. */
  readonly rejectDuplicate?: boolean
  /** Makes a new cluster with fresh ids; called again should an id be taken. */
  newCluster(): NewCluster
}

export interface Created {
  readonly cluster: string
  readonly order: string
  /** The number of the job flow that it was made for. */
  readonly jobFlow?: number
}

export interface CreateParts extends OperationParts, IdempotencyParts {
  readonly store: Store
  readonly environments: Pick<Environments, 'allocate'>
  readonly placement: Pick<Placement, 'select' | 'checkJobs'>
}

const ID_ATTEMPTS_MAX = 3

/** Throws IdempotencyConflict, OrderRepeated, NotSupported and what the environment and the order refuse. */
export async function createCluster(
  parts: CreateParts,
  call: Call,
  request: CreateRequest,
): Promise<Created> {
  for (let attempt = 1; ; attempt++) {
    const wanted = request.newCluster()
    const cluster = initialCluster(parts, call, wanted)
    try {
      return await parts.store.write(async (tx) => {
        const jobFlow = wanted.jobFlow && (await tx.count('job-flow'))
        const made = { cluster: cluster.id, order: wanted.order.id }
        const answer: Created = { ...made, ...(jobFlow !== undefined && { jobFlow }) }
        const earlier = await claimIdempotencyKey(tx, parts, call, { ...request, answer })
        if (earlier) return earlier
        if (request.rejectDuplicate) await refuseRepeated(tx, parts, { call, request, answer })
        const allocated = wanted.allocation
          ? await parts.environments.allocate(tx, call, { cluster, allocation: wanted.allocation })
          : cluster
        await insertAll(tx, parts, { call, cluster: allocated, wanted, jobFlow })
        return answer
      })
    } catch (problem) {
      // An id was taken (they are random): draw again, but not for ever.
      if (!(problem instanceof Conflict) || attempt === ID_ATTEMPTS_MAX) throw problem
    }
  }
}

/**
 * The answer to an earlier request of the same token and parameters; undefined when there was none. Asked before the
 * environment is, so that a retry is answered as its first try was, whatever has changed since.
 */
export function findCreated(
  parts: CreateParts,
  call: Call,
  key: IdempotencyKey,
): Promise<Created | undefined> {
  return parts.store.read((tx) => findAnswer<Created>(tx, parts, call, key))
}

function initialCluster(parts: CreateParts, call: Call, wanted: NewCluster): Cluster {
  const nowMs = parts.clock.now()
  const { cluster, order } = wanted
  const state = order.state === 'unpaid' ? 'unpaid' : 'creating'
  const { backup } = wanted
  const origin = backup ? { origin: snapshotOf(backup) } : {}
  const spec: ClusterSpec = { ...cluster.spec, ...origin, generation: 1, running: true }
  const holder = backup ? { holder: backup.substrate } : {}
  return {
    ...cluster,
    account: call.principal.account,
    product: call.product,
    createdMs: nowMs,
    substrate: parts.placement.select({
      id: cluster.id,
      product: call.product,
      tags: cluster.tags,
      spec,
      ...holder,
    }),
    secrets: sealedSecrets(parts.sealer, cluster.id, wanted.secrets),
    spec,
    status: {
      state,
      // As the first step finds it, which then has nothing to record.
      reason:
        state === 'unpaid'
          ? 'waiting for payment'
          : `waiting for ${groupShare(spec.groups.length, spec.groups.length)}`,
      stateSinceMs: nowMs,
      observedGeneration: 0,
      nodes: {},
    },
  }
}

/** Throws OrderRepeated. What is under way is remembered as a token is, under the digest of what was asked for. */
async function refuseRepeated(
  tx: Writer,
  { sealer, clock }: CreateParts,
  it: { readonly call: Call; readonly request: CreateRequest; readonly answer: Created },
): Promise<void> {
  const { call, request, answer } = it
  const { account } = call.principal
  const token = sealer.fingerprint(canonicalJson(request.parameters))
  const action = `order/${call.action}`
  const known = await tx.findToken(account, action, token)
  const earlier = known && (JSON.parse(known.answer) as Created)
  const cluster = earlier && (await tx.find('cluster', account, earlier.cluster))
  const state = cluster?.document.status.state
  if (earlier && (state === 'unpaid' || state === 'creating'))
    throw new Fault('OrderRepeated', earlier)
  const expiresMs = clock.now() + limits.tokenMs
  const text = JSON.stringify(answer)
  await tx.putToken({ account, action, token, fingerprint: '', answer: text, expiresMs })
}

async function insertAll(
  tx: Writer,
  parts: CreateParts,
  it: {
    readonly call: Call
    readonly cluster: Cluster
    readonly wanted: NewCluster
    readonly jobFlow: number | undefined
  },
): Promise<void> {
  const { call, cluster, wanted } = it
  const { id, account, createdMs } = cluster
  if (wanted.backup) await claimBackup(tx, call, { backup: wanted.backup.id, cluster: id })
  const order = await placeWatched(tx, { ...wanted.order, account, cluster: id, createdMs }, wanted)
  await tx.insert('cluster', { ...cluster, charge: begunBy(cluster.charge, order) }, createdMs)
  const verb = wanted.backup ? 'restore-backup' : 'create'
  const scripts = cluster.spec.scripts ?? []
  const { state, denied } = cluster.status
  // What its nodes need was allocated in this transaction; scripts wait for the nodes themselves.
  const allocated = state === 'creating' && denied === undefined && !scripts.some(isBeforeStart)
  const steps = startSteps(scripts)
  await recordOperation(tx, parts, { call, id, verb, steps, done: allocated ? 1 : 0 })
  if (wanted.jobFlow && it.jobFlow !== undefined)
    await beginJobFlow(tx, parts, { call, cluster, number: it.jobFlow, members: wanted.jobFlow })
  if (cluster.status.state === 'creating') await tx.enqueue('cluster', id, createdMs)
  if (!logFolder(cluster.spec)) return
  await tx.insert('logDelivery', { id, account, logs: {} }, createdMs)
  await tx.enqueue('logDelivery', id, createdMs + limits.logDeliveryMs)
}

/** The backup as it is in the transaction. Throws BackupNotFound, BackupUnfit. */
async function claimBackup(
  tx: Writer,
  call: Call,
  it: { readonly backup: string; readonly cluster: string },
): Promise<void> {
  const found = await presentBackup(tx, call, it.backup)
  const backup = { ...found.document, restoring: await openRestores(tx, found.document) }
  await tx.save('backup', found, beginRestore(backup, it.cluster))
}
