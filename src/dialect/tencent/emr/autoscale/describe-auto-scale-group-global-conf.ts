/** DescribeAutoScaleGroupGlobalConf: the group of nodes that come and go in a cluster (reference: examples.json, AutoScaleResourceConf). */
import { elasticNodes, restsUntilMs } from '../../../../domain/scaling-strategy.ts'
import { flag, integer, list, nullable, object, text } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { clusterId, clusterResource } from '../cluster/cluster-id.ts'
import { elasticNodesMax } from '../../strategy-rules.ts'
import { numberOf } from '../identifier.ts'
import { byLoad, byTime, groupIdOf } from './rule.ts'

const conf = object({
  Id: integer(),
  ClusterId: integer(),
  ScaleLowerBound: integer(),
  ScaleUpperBound: integer(),
  StrategyType: integer(),
  NextTimeCanScale: integer(),
  GraceDownFlag: flag(),
  HardwareType: text(),
  PayMode: text(),
  PostPayPercentMin: integer(),
  ChangeToPod: integer(),
  GroupName: text(),
  YarnNodeLabel: text(),
  WarehouseName: text(),
  GroupStatus: integer(),
  Parallel: integer(),
  EnableMNode: integer(),
  ExtraAdvanceAttrs: nullable(object({})),
})

const ENABLED = 1
const DISABLED = 2

export const describeAutoScaleGroupGlobalConf = action({
  name: 'DescribeAutoScaleGroupGlobalConf',
  input: { InstanceId: clusterId('FailedOperation') },
  output: {
    GroupGlobalConfs: list(
      object({
        GroupGlobalConf: conf,
        CurrentNodes: integer(),
        CurrentPostPaidNodes: integer(),
        CurrentSpotPaidNodes: integer(),
      }),
    ),
    TotalCount: integer(),
  },
  faults: ['ClusterNotFound'],
  resources: (call, { InstanceId: id }) => [clusterResource(call, id)],
  async run(core, call, { InstanceId: id }) {
    const { cluster, strategies } = await core.scalingStrategies.list(call, id)
    const nodes = elasticNodes(cluster.spec).length
    const nextMs = restsUntilMs(strategies)
    const group = {
      Id: groupIdOf(id),
      ClusterId: numberOf(id),
      ScaleLowerBound: 0,
      ScaleUpperBound: elasticNodesMax,
      StrategyType: strategies.some(({ load }) => load) ? byLoad : byTime,
      NextTimeCanScale: nextMs > core.clock.now() ? Math.ceil(nextMs / 1000) : 0,
      GraceDownFlag: strategies.some(({ graceMs }) => graceMs !== undefined),
      HardwareType: 'HOST',
      PayMode: 'POSTPAY',
      PostPayPercentMin: 0,
      ChangeToPod: 0,
      GroupName: 'default',
      YarnNodeLabel: '',
      WarehouseName: '',
      GroupStatus: strategies.some(({ enabled }) => enabled) ? ENABLED : DISABLED,
      Parallel: 0,
      EnableMNode: 0,
      ExtraAdvanceAttrs: null,
    }
    const counts = {
      CurrentNodes: nodes,
      CurrentPostPaidNodes: nodes,
      CurrentSpotPaidNodes: 0,
    }
    return { GroupGlobalConfs: [{ GroupGlobalConf: group, ...counts }], TotalCount: 1 }
  },
})
