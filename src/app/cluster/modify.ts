/** The common unit of work of every verb on a cluster that exists: read it, change it, record that it was asked. */
import type { Clock } from '../../kernel/clock.ts'
import type { Random } from '../../kernel/random.ts'
import type { Sealer } from '../../kernel/seal.ts'
import type { Cluster } from '../../domain/cluster/cluster.ts'
import { stateTraits } from '../../domain/cluster/lifecycle.ts'
import { Fault } from '../../domain/fault.ts'
import type { Operation, Verb } from '../../domain/operation.ts'
import { addToHistory, type OperationValues } from '../../journal/history.ts'
import type { Stored, Writer } from '../../store/port.ts'
import type { Call } from '../call.ts'

/** What a caller requires of a cluster before it is changed; seen as it is in the transaction. Throws a Fault. */
export type Requirement = (was: Cluster) => void

export interface Modification {
  readonly call: Call
  readonly id: string
  readonly verb: Verb
  readonly subject?: string
  readonly modify: (was: Cluster) => Cluster
  readonly values?: OperationValues | undefined
  /** The steps that follow, when it is not done with its commit. */
  readonly steps?: readonly string[]
  /** Whether what it costs depends on it. */
  readonly billed?: boolean
}

export interface OperationParts {
  readonly clock: Clock
  readonly random: Random
}

/** Applies the modification with its operation, audit entry and work item; returns the operation. */
export async function modifyCluster(
  tx: Writer,
  parts: OperationParts,
  modification: Modification,
): Promise<Operation> {
  const { call, id, steps, billed } = modification
  const found = await presentCluster(tx, call, id)
  const next = modification.modify(found.document)
  const operation = await recordOperation(tx, parts, modification)
  await tx.save('cluster', found, next)
  const nowMs = parts.clock.now()
  if (steps) await tx.enqueue('cluster', id, nowMs)
  if (billed && next.charge.order !== undefined) await tx.enqueue('order', next.charge.order, nowMs)
  return operation
}

/** Records that something was asked of a cluster, for its history and for the audit. */
export function recordOperation(
  tx: Writer,
  { clock, random }: OperationParts,
  it: Pick<Modification, 'call' | 'id' | 'verb' | 'subject' | 'steps' | 'values'> & {
    readonly by?: string
    readonly done?: number
  },
): Promise<Operation> {
  const { call, id, verb, subject, steps, done, values, by } = it
  const { action, requestId, region } = call
  const { account, kind, name } = call.principal
  const entry = {
    account,
    principal: by ?? `${kind}/${name}`,
    action,
    requestId,
    region,
    subject: id,
    about: subject,
    verb,
    steps,
    done,
    values,
  }
  return addToHistory(tx, entry, { nowMs: clock.now(), random })
}

/** The caller's cluster. One that is deleted, of another account, product or region does not exist for it. */
export async function presentCluster(
  tx: Pick<Writer, 'find'>,
  call: Call,
  id: string,
  options: { readonly deletingToo?: boolean } = {},
): Promise<Stored<'cluster'>> {
  const found = await tx.find('cluster', call.principal.account, id)
  if (!found || !isPresent(found.document, call, options))
    throw new Fault('ClusterNotFound', { id })
  return found
}

/** By name, as a cluster keeps them. */
export function sealedSecrets(
  sealer: Sealer,
  id: string,
  secrets: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(secrets).map(([name, text]) => [
      name,
      sealer.seal(text, `cluster/${id}/${name}`),
    ]),
  )
}

/** Whether a cluster of the caller's account exists for the call. */
export function isPresent(
  it: Cluster,
  call: Call,
  options: { readonly deletingToo?: boolean } = {},
): boolean {
  const elsewhere = call.region !== '' && it.region !== call.region
  const { modifiable, visible } = stateTraits[it.status.state]
  const gone = !(options.deletingToo ? visible : modifiable)
  return !elsewhere && !gone && it.product === call.product
}
