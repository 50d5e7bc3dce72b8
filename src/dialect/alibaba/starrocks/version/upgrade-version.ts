/**
 * UpgradeVersion: a later minor version, or with `Minor` false the newest minor version of a later major one. The nodes that hold
 * or read data come first and the frontends last, one node after the other unless it shall be fast.
 * Facts: reference alibaba-starrocks.md 3.2 (Versions), 5.1, 7, 11.1.
 */
import { Fault, refuse } from '../../../../domain/fault.ts'
import { flag, optional } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { instanceId, instanceResources, shortText } from '../shape.ts'
import { upgradeKind, upgradeTarget } from './upgrade.ts'

export const upgradeVersion = action({
  name: 'UpgradeVersion',
  input: {
    FastMode: optional(flag()),
    InstanceId: instanceId,
    Minor: optional(flag()),
    TargetVersion: shortText('Target version', '3.3.13-1.0-1.7.12'),
  },
  output: { Data: flag() },
  faults: ['ClusterNotFound', 'ParametersRefused', 'NotSupported'],
  asks: ['identity', 'compute'],
  resources: (call, input) => instanceResources(call, [input.InstanceId]),
  async run(core, call, { FastMode = false, InstanceId, Minor, TargetVersion: version }) {
    const kind = upgradeKind(Minor)
    const begun = core.clusters.upgrade(call, InstanceId, {
      rolling: !FastMode,
      target: (was) => upgradeTarget(was, { kind, version }),
    })
    await begun.catch((problem: unknown) => {
      throw isBusy(problem) ? notRunning : problem
    })
    return { Data: true }
  },
})

function isBusy(problem: unknown): boolean {
  return problem instanceof Fault && problem.code === 'ClusterBusy'
}

const notRunning = refuse({
  name: 'InstanceId',
  problem: 'value',
  code: 'OperationDenied.InstanceStatus',
  message: 'Invalid instance status: [cannot upgrade when instance is not running].',
})
