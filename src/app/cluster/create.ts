/** Creating a cluster: exactly once for each idempotency token, with everything that belongs to it in one commit. */
import { canonicalJson } from '../../kernel/json.ts'
import type { Sealer } from '../../kernel/seal.ts'
import { begunBy } from '../../domain/billing.ts'
import type { Cluster } from '../../domain/cluster/cluster.ts'
import { Fault } from '../../domain/fault.ts'
import type { Order } from '../../domain/order.ts'
import { isBeforeStart } from '../../domain/script.ts'
import { Conflict, type Store, type Writer } from '../../store/port.ts'
import { limits } from '../../limits.ts'
import type { Call } from '../call.ts'
import { recordOperation, type Recorder } from './modify.ts'
import type { Environments } from '../environment/environments.ts'
import type { Claims } from '../environment/allocation.ts'
import { place, watch } from '../billing/order-placement.ts'

/** A cluster as asked for; the core adds its state and seals its secrets. */
export interface Draft {
  readonly cluster: Omit<Cluster, CoreMembers>
  /** Clear texts by name; sealed before they are written. */
  readonly secrets: Readonly<Record<string, string>>
  readonly order: Omit<Order, 'account' | 'cluster' | 'createdMs'>
  /** A code that takes something off the price; one that is in no catalogue takes nothing off. */
  readonly coupon?: string
  /** What the account must have at hand beyond the price of the order itself, in ten-thousandths. */
  readonly reserve?: number
  /** What it takes from its environment; a draft without takes nothing. */
  readonly claims?: Claims
}

type CoreMembers =
  | 'account'
  | 'product'
  | 'state'
  | 'reason'
  | 'stateSinceMs'
  | 'createdMs'
  | 'generation'
  | 'observedGeneration'
  | 'substrate'
  | 'reservations'
  | 'denied'
  | 'secrets'

export interface Creation {
  /** The client's idempotency token, if it sent one. */
  readonly token: string | undefined
  /** What makes two requests the same: every parameter but the token. */
  readonly parameters: unknown
  /** Refused while an identical one of the account is unpaid or not yet carried out; for requests without a token. */
  readonly alone?: boolean
  /** Makes a draft with fresh ids; called again should an id be taken. */
  draft(): Draft
}

export interface Created {
  readonly cluster: string
  readonly order: string
}

export interface CreateOptions extends Recorder {
  readonly store: Store
  readonly sealer: Sealer
  readonly environments: Pick<Environments, 'claim'>
  /** Names the substrate for a new cluster; throws NotSupported when none can carry it. */
  readonly substrateFor: (draft: Draft) => string
}

const DRAWS_MAX = 3

export async function createCluster(
  options: CreateOptions,
  call: Call,
  creation: Creation,
): Promise<Created> {
  const { sealer } = options
  const fingerprint =
    creation.token === undefined ? '' : sealer.fingerprint(canonicalJson(creation.parameters))
  for (let attempt = 1; ; attempt++) {
    const draft = creation.draft()
    const cluster = freshCluster(options, call, draft)
    try {
      return await options.store.write(async (tx) => {
        const created = { cluster: cluster.id, order: draft.order.id }
        const earlier = await spendToken(tx, {
          call,
          token: creation.token,
          fingerprint,
          created,
          nowMs: cluster.createdMs,
        })
        if (earlier) return earlier
        if (creation.alone) await refuseRepeated(tx, options, { call, creation, created })
        const claimed = draft.claims
          ? await options.environments.claim(tx, call, { cluster, claims: draft.claims })
          : cluster
        await insertAll(tx, options, { call, cluster: claimed, draft })
        return created
      })
    } catch (problem) {
      // An id was taken (they are random): draw again, but not for ever.
      if (!(problem instanceof Conflict) || attempt === DRAWS_MAX) throw problem
    }
  }
}

/**
 * The answer to an earlier request of the same token and parameters; undefined when there was none. Asked before the
 * environment is, so that a retry is answered as its first try was, whatever has changed since.
 */
export async function findCreated(
  { store, sealer, clock }: CreateOptions,
  call: Call,
  { token, parameters }: Pick<Creation, 'token' | 'parameters'>,
): Promise<Created | undefined> {
  if (token === undefined || token === '') return undefined
  const { account } = call.principal
  const known = await store.read((tx) => tx.findToken(account, call.action, token))
  if (!known || known.expiresMs <= clock.now()) return undefined
  const same = known.fingerprint === sealer.fingerprint(canonicalJson(parameters))
  return same ? (JSON.parse(known.answer) as Created) : undefined
}

function freshCluster(options: CreateOptions, call: Call, draft: Draft): Cluster {
  const nowMs = options.clock.now()
  const { id } = draft.cluster
  const state = draft.order.state === 'unpaid' ? 'unpaid' : 'creating'
  const secrets = Object.entries(draft.secrets).map(
    ([name, text]) => [name, options.sealer.seal(text, `cluster/${id}/${name}`)] as const,
  )
  return {
    ...draft.cluster,
    account: call.principal.account,
    product: call.product,
    state,
    reason: state === 'unpaid' ? 'waiting for payment' : 'waiting for nodes',
    stateSinceMs: nowMs,
    createdMs: nowMs,
    generation: 1,
    observedGeneration: 0,
    substrate: options.substrateFor(draft),
    secrets: Object.fromEntries(secrets),
  }
}

/** Throws OrderRepeated. What is under way is remembered as a token is, under the digest of what was asked for. */
async function refuseRepeated(
  tx: Writer,
  { sealer, clock }: CreateOptions,
  it: { readonly call: Call; readonly creation: Creation; readonly created: Created },
): Promise<void> {
  const { call, creation, created } = it
  const { account } = call.principal
  const token = sealer.fingerprint(canonicalJson(creation.parameters))
  const action = `order/${call.action}`
  const known = await tx.findToken(account, action, token)
  const earlier = known && (JSON.parse(known.answer) as Created)
  const cluster = earlier && (await tx.find('cluster', account, earlier.cluster))
  const { state } = cluster?.document ?? {}
  if (earlier && (state === 'unpaid' || state === 'creating'))
    throw new Fault('OrderRepeated', earlier)
  const answer = JSON.stringify(created)
  const expiresMs = clock.now() + limits.tokenMs
  await tx.putToken({ account, action, token, fingerprint: '', answer, expiresMs })
}

interface Spending {
  readonly call: Call
  readonly token: string | undefined
  readonly fingerprint: string
  readonly created: Created
  readonly nowMs: number
}

/** What the token's first request was told, if this is not the first; else the token now stands for this one. */
async function spendToken(tx: Writer, it: Spending): Promise<Created | undefined> {
  if (it.token === undefined) return undefined
  const { account } = it.call.principal
  const known = await tx.findToken(account, it.call.action, it.token)
  if (known && known.expiresMs > it.nowMs) {
    if (known.fingerprint !== it.fingerprint)
      throw new Fault('IdempotencyConflict', { token: it.token })
    return JSON.parse(known.answer) as Created
  }
  await tx.putToken({
    account,
    action: it.call.action,
    token: it.token,
    fingerprint: it.fingerprint,
    answer: JSON.stringify(it.created),
    expiresMs: it.nowMs + limits.tokenMs,
  })
  return undefined
}

async function insertAll(
  tx: Writer,
  recorder: Recorder,
  {
    call,
    cluster,
    draft,
  }: { readonly call: Call; readonly cluster: Cluster; readonly draft: Draft },
): Promise<void> {
  const { id, account, createdMs } = cluster
  const order = await place(tx, { ...draft.order, account, cluster: id, createdMs }, draft)
  await tx.insert('cluster', { ...cluster, charge: begunBy(cluster.charge, order) }, createdMs)
  await watch(tx, order)
  await recordOperation(tx, recorder, {
    call,
    id,
    verb: 'create',
    unsettled: stepsOf(cluster),
  })
  if (cluster.state === 'creating') await tx.enqueue('cluster', id, createdMs)
}

function stepsOf({ scripts = [] }: Cluster): readonly string[] {
  const early = scripts.some(isBeforeStart) ? ['scripts-before'] : []
  const late = scripts.every(isBeforeStart) ? [] : ['scripts-after']
  return ['allocate', ...early, 'start', ...late, 'verify']
}
