/** Which versions come to this cloud's instances by themselves. Facts: reference alibaba-starrocks.md 3.2, 11.1. */
import type { VersionRules } from '../../app/cluster/upgrade-by-itself.ts'
import { product } from './starrocks/action.ts'
import { upgradableVersions, upgradeTarget } from './starrocks/version/upgrade.ts'

export const versionRules: VersionRules = {
  product,
  newerMinor(instance) {
    const version = upgradableVersions(instance, 'minor').at(-1)
    return version === undefined ? undefined : upgradeTarget(instance, { kind: 'minor', version })
  },
}
