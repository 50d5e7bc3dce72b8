/**
 * QueryUpgradableVersions: the minor versions that UpgradeVersion takes, oldest first, or with `Minor` false the major ones.
 * Facts: reference alibaba-starrocks.md 3.2 (Versions), 11.1.
 */
import { flag, list, optional, text } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { instanceId, instanceResources } from '../shape.ts'
import { upgradableVersions, upgradeKind } from './upgrade.ts'

export const queryUpgradableVersions = action({
  name: 'QueryUpgradableVersions',
  input: { InstanceId: instanceId, Minor: optional(flag()) },
  output: { Data: list(text()) },
  faults: ['ClusterNotFound'],
  resources: (call, input) => instanceResources(call, [input.InstanceId]),
  async run(core, call, { InstanceId, Minor }) {
    const instance = await core.clusters.get(call, InstanceId)
    return { Data: [...upgradableVersions(instance, upgradeKind(Minor))] }
  },
})
