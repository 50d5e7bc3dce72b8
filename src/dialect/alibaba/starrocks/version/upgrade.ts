/** What versions an instance can be brought to, and in which order its groups are. Facts: reference alibaba-starrocks.md 3.2, 7, 11.1. */
import type { UpgradeTarget } from '../../../../app/cluster/upgrade.ts'
import type { Cluster } from '../../../../domain/cluster/cluster.ts'
import { refuse } from '../../../../domain/fault.ts'
import { newestMinorOf, upgradesOf } from '../../catalogue/version.ts'
import { groupExtension } from '../instance/extension.ts'

export type UpgradeKind = 'minor' | 'major'

/** Minor versions are asked for unless a request says otherwise. */
export function upgradeKind(minor: boolean | undefined): UpgradeKind {
  return minor === false ? 'major' : 'minor'
}

export function upgradableVersions({ spec }: Cluster, kind: UpgradeKind): readonly string[] {
  return upgradesOf(spec.software.version, kind)
}

/** Throws ParametersRefused with the code of the service for a version that is none of the upgradable ones. */
export function upgradeTarget(
  instance: Cluster,
  it: { readonly kind: UpgradeKind; readonly version: string },
): UpgradeTarget {
  const versions = upgradableVersions(instance, it.kind)
  if (!versions.includes(it.version)) {
    const known = versions.length === 0 ? 'there is none' : versions.join(', ')
    const message = `Version ${it.version} is no ${it.kind} version that ${instance.id} can be upgraded to: ${known}`
    throw refuse({ name: 'TargetVersion', problem: 'value', code: 'VersionNotSupport', message })
  }
  const version = it.kind === 'minor' ? it.version : newestMinorOf(it.version)?.text
  return { version: version ?? it.version, last: frontends(instance) }
}

/** StarRocks wants the nodes that read data upgraded before those that plan what is read. */
function frontends({ spec }: Cluster): readonly string[] {
  return spec.groups
    .filter((group) => ['FE', 'OBSERVER'].includes(groupExtension(group).component))
    .map(({ id }) => id)
}
