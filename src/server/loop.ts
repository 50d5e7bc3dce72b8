/** Composition root, its part for the reconcile loop: every reconciler, with what it needs of the core. */
import type { ClustersParts } from '../app/cluster/clusters.ts'
import type { ObjectStorages } from '../app/object-storage.ts'
import type { Logger } from '../kernel/log.ts'
import { reconcileLoop, type Loop, type Reconciler } from '../reconcile/loop.ts'
import { inquirySourceOf, type Substrates } from './substrates.ts'
import { billingRules, elasticRules, strategyRules, versionRules } from './vendor.ts'
import { restartForIncident } from '../app/cluster/answer-incident.ts'
import type { Encryption } from '../app/encryption.ts'
import { upgradeByItself } from '../app/cluster/upgrade-by-itself.ts'
import { scaleByRule } from '../app/scaling-rule/scale-by-rule.ts'
import { billingReconciler } from '../reconcile/billing/billing.ts'
import { backupReconciler } from '../reconcile/backup/backup.ts'
import { backupPolicyReconciler } from '../reconcile/backup/policy.ts'
import { clusterReconciler } from '../reconcile/cluster/cluster.ts'
import { callOfOwner } from '../app/call.ts'
import { releaseCluster } from '../app/cluster/release.ts'
import { directoryReconciler } from '../reconcile/directory/directory.ts'
import { logDeliveryReconciler } from '../reconcile/log-delivery/log-delivery.ts'
import { inspectionReconciler } from '../reconcile/inspection/inspection.ts'
import { jobFlowReconciler } from '../reconcile/job-flow/job-flow.ts'
import { scaleByStrategy } from '../app/scaling-strategy/scale-by-strategy.ts'
import { scalingStrategyReconciler } from '../reconcile/scaling-strategy/scaling-strategy.ts'
import { scalingRuleReconciler } from '../reconcile/scaling-rule/scaling-rule.ts'
import { walletReconciler } from '../reconcile/billing/wallet.ts'

interface ReconcilerParts extends Pick<
  ClustersParts,
  'store' | 'clock' | 'random' | 'sealer' | 'environments' | 'placement'
> {
  readonly substrates: Substrates
  readonly encryption: Encryption
  readonly storages: ObjectStorages
  /** What goes around each reconciler. */
  readonly around?: ((reconciler: Reconciler) => Reconciler) | undefined
}

export function loopOf(parts: ReconcilerParts, log: Logger): Loop {
  const { store, clock, random: ids, around = (each) => each } = parts
  const reconcilers = reconcilersOf(parts, log).map(around)
  return reconcileLoop({ store, clock, random: ids, log, reconcilers })
}

function reconcilersOf(
  { encryption, storages, ...parts }: ReconcilerParts,
  log: Logger,
): readonly Reconciler[] {
  const delivery = logDeliveryReconciler({ ...parts, log, writer: storages.logWriter })
  return [
    delivery,
    clusterReconciler({
      ...parts,
      log,
      openDataKey: encryption.open,
      objectStorage: storages.of,
      emptyVolume: storages.empty,
      deliverLast: delivery.deliverLast,
      upgrade: (tx, cluster) => upgradeByItself(tx, { ...parts, rules: versionRules }, cluster),
      restart: (tx, cluster, incident) => restartForIncident(tx, parts, { cluster, incident }),
    }),
    billingReconciler({ ...parts, rules: billingRules }),
    walletReconciler(parts),
    scalingRuleReconciler({
      ...parts,
      scale: (tx, it) => scaleByRule(tx, { ...parts, rules: elasticRules }, it),
    }),
    scalingStrategyReconciler({
      ...parts,
      bounds: strategyRules,
      inquire: inquirySourceOf(parts.substrates),
      scale: (tx, it) => scaleByStrategy(tx, { ...parts, rules: strategyRules }, it),
    }),
    jobFlowReconciler({
      ...parts,
      release: (it) => releaseCluster(parts, callOfOwner(it, 'job:flow'), it.id),
    }),
    inspectionReconciler(parts),
    directoryReconciler(parts),
    backupReconciler(parts),
    backupPolicyReconciler(parts),
  ]
}
