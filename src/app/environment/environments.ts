/**
 * The environment as requests meet it. `require` and `checkSupply` only look, at the place in a request where the real service
 * would; `allocate` judges again and takes, inside the transaction that creates the cluster, so that two requests can never have
 * the same thing. What was taken is released by the reconciler, in the transaction that records the end of the cluster.
 *
 * Supply and addresses are counted per account; public addresses are of one pool for all.
 */
import type { Cluster } from '../../domain/cluster/cluster.ts'
import {
  declared,
  identify,
  isRegional,
  type Environment,
  type Limit,
  type Reservation,
  type Resource,
  type ResourceReference,
} from '../../domain/environment.ts'
import { checkSupply, narrowest, type Share } from '../../domain/supply.ts'
import { knownId } from '../../store/document.ts'
import type { Store, Writer } from '../../store/port.ts'
import type { Call } from '../call.ts'
import { allocate, reallocate, type Allocation, type Reallocation } from './allocation.ts'

export interface Environments {
  /** The environment of the addressed product, as it is now. */
  of(call: Call): Environment
  /** The resource, wherever it is known from. Throws ResourceMissing, ResourceMismatch, ResourceUnfit. */
  require(call: Call, reference: Omit<ResourceReference, 'region'>): Promise<Resource>
  /** Throws ResourceShort or QuotaExceeded; with a rule, only for limits of that rule. */
  checkSupply(call: Call, reservations: readonly Reservation[], rule?: Limit['rule']): Promise<void>
  /** How much of the quota for so described things is taken; undefined where there is none. */
  quota(call: Call, of: Omit<Reservation, 'amount'>): Promise<Share | undefined>
  /** How much is left in stock of so described things; undefined where nobody counts. */
  stock(call: Call, of: Omit<Reservation, 'amount'>): Promise<Share | undefined>
  /** The cluster with its addresses and reservations, or denied. Throws what the two above throw, and ResourceFull. */
  allocate(
    tx: Writer,
    call: Call,
    it: { cluster: Cluster; allocation: Allocation },
  ): Promise<Cluster>
  /** The cluster with another spec, and what it needs more. Throws ResourceShort, QuotaExceeded, ResourceFull. */
  reallocate(tx: Writer, call: Call, it: Omit<Reallocation, 'environment'>): Promise<Cluster>
}

export interface EnvironmentsOptions {
  readonly store: Store
  /** The environment in force for an API product; asked each time, because files are reloaded. */
  readonly inForce: (product: string) => Environment | undefined
}

export function environments({ store, inForce }: EnvironmentsOptions): Environments {
  const of = (call: Call): Environment => {
    const found = inForce(call.product)
    if (!found) throw new Error(`no environment is declared for ${call.product}`)
    return found
  }
  const share = (call: Call, rule: Limit['rule'], it: Omit<Reservation, 'amount'>) =>
    store.read((tx) =>
      narrowest(
        of(call).limits,
        { rule, region: call.region, of: { ...it, amount: 1 } },
        (limits) => tx.reserved(call.principal.account, limits),
      ),
    )
  return {
    of,
    async require(call, reference) {
      const region = isRegional(reference.kind) ? call.region : ''
      const { account } = call.principal
      const environment = of(call)
      if (declared(environment, reference.kind, reference.id, region))
        return identify(environment, { ...reference, region }, undefined).resource
      const id = knownId(account, reference.kind, reference.id, region)
      const known = await store.read((tx) => tx.find('resource', account, id))
      return identify(environment, { ...reference, region }, known?.document.resource).resource
    },
    async checkSupply(call, wanted, rule) {
      const { account } = call.principal
      const limits = of(call).limits.filter((each) => rule === undefined || each.rule === rule)
      await store.read((tx) =>
        checkSupply(limits, { region: call.region, wanted }, (relevant) =>
          tx.reserved(account, relevant),
        ),
      )
    },
    quota: (call, it) => share(call, 'quota', it),
    stock: (call, it) => share(call, 'stock', it),
    allocate: (tx, call, it) => allocate(tx, { environment: of(call), ...it }),
    reallocate: (tx, call, it) => reallocate(tx, { environment: of(call), ...it }),
  }
}
