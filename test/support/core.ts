/**
 * The core without a server: the app, the reconcilers and the loop between them, over a store and one substrate that the test
 * opens and may wrap. Whatever is not given is the same each time, so that a store can be opened again by a second core.
 */
import { billing, type Billing } from '../../src/app/billing/billing.ts'
import { clusters, type Clusters } from '../../src/app/cluster/clusters.ts'
import { placement } from '../../src/app/cluster/placement.ts'
import type { Clock } from '../../src/kernel/clock.ts'
import { silentLogger } from '../../src/kernel/log.ts'
import { random, type Random } from '../../src/kernel/random.ts'
import { sealer } from '../../src/kernel/seal.ts'
import { billingReconciler } from '../../src/reconcile/billing/billing.ts'
import { walletReconciler } from '../../src/reconcile/billing/wallet.ts'
import { clusterReconciler } from '../../src/reconcile/cluster/cluster.ts'
import { reconcileLoop, type Loop } from '../../src/reconcile/loop.ts'
import type { Store } from '../../src/store/port.ts'
import type { Substrate } from '../../src/substrate/port.ts'
import { sampleEnvironments, type EnvironmentChange } from './environment.ts'
import { sampleRules } from './order.ts'

export interface CoreParts {
  readonly store: Store
  readonly substrate: Substrate
  readonly clock: Clock
  readonly random?: Random
  readonly environment?: EnvironmentChange
}

export interface SmallCore {
  readonly app: Clusters
  readonly money: Billing
  readonly loop: Loop
}

export function smallCore({ substrate, environment, ...parts }: CoreParts): SmallCore {
  const { store } = parts
  const shared = {
    random: random(),
    ...parts,
    sealer: sealer(new Uint8Array(32)),
    environments: sampleEnvironments(store, environment),
    rules: new Map([[sampleRules.product, sampleRules]]),
  }
  const substrates = new Map([[substrate.name, substrate]])
  const reconcilers = [
    clusterReconciler({ ...shared, substrates }),
    billingReconciler(shared),
    walletReconciler(shared),
  ]
  return {
    money: billing(shared),
    loop: reconcileLoop({ ...shared, log: silentLogger(), reconcilers }),
    app: clusters({
      ...shared,
      placement: placement({ substrates, preferred: { default: substrate.name } }),
      onLook: async () => false,
    }),
  }
}
