/** A cluster gets the newest minor version without being asked: a change like one that was requested, begun by the reconciler. */
import type { Cluster } from '../../domain/cluster/cluster.ts'
import type { Writer } from '../../store/port.ts'
import { callOfOwner } from '../call.ts'
import { startChange, type ChangeParts } from './change.ts'
import { upgradeCall, type UpgradeTarget } from './upgrade.ts'

/** What each cloud decides of versions that come by themselves; one object for each API product. */
export interface VersionRules {
  /** The API product whose clusters live by them. */
  readonly product: string
  /** Undefined for a cluster that runs the newest minor version of its major one. */
  newerMinor(cluster: Cluster): UpgradeTarget | undefined
}

/** Nothing for a cluster that has the newest one. Throws what `startChange` throws. */
export async function upgradeByItself(
  tx: Writer,
  { rules, ...parts }: ChangeParts & { readonly rules: ReadonlyMap<string, VersionRules> },
  cluster: Cluster,
): Promise<void> {
  const target = rules.get(cluster.product)?.newerMinor(cluster)
  if (!target) return
  const call = callOfOwner(cluster, 'maintenance:upgrade')
  const upgrade = upgradeCall(call, cluster.id, { rolling: true, target: () => target })
  await startChange(tx, parts, { ...upgrade, by: BY })
}

const BY = 'system/maintenance'
