/** DescribeInstanceRenewNodes: the nodes of a subscription, as whoever renews it looks at them (reference: tencent-emr.md 5.10, 5.12). */
import { integer, list, object, text } from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { clusterId, clusterResource } from '../cluster/cluster-id.ts'
import { findCluster } from '../cluster/look-up.ts'
import { tagKeysOf } from '../cluster/view.ts'
import { diskLine } from './shape.ts'
import { viewNodes } from './view.ts'

const renewNode = object({
  EmrResourceId: text(),
  Flag: integer(),
  Ip: text(),
  MemDesc: text(),
  CpuNum: integer(),
  DiskSize: text(),
  ExpireTime: text(),
  Spec: text(),
  StorageType: integer(),
  RootSize: integer(),
  RootStorageType: integer(),
  MCMultiDisk: list(diskLine),
})

export const describeInstanceRenewNodes = action({
  name: 'DescribeInstanceRenewNodes',
  input: { InstanceId: clusterId('InvalidParameter.InvalidInstanceName') },
  output: {
    TotalCnt: integer(),
    NodeList: list(renewNode),
    MetaInfo: list(text()),
    RedisInfo: list(text()),
  },
  faults: [],
  asks: ['account', 'identity', 'trade'],
  resources: (call, { InstanceId: id }) => [clusterResource(call, id)],
  async run(core, call, { InstanceId: id }) {
    const cluster = await findCluster(core, call, id)
    const renewable = cluster?.charge.mode === 'prepaid' ? cluster : undefined
    const nodes = renewable ? viewNodes(renewable, { call, nowMs: core.clock.now() }) : []
    return {
      TotalCnt: nodes.length,
      NodeList: nodes.map((node) => ({
        EmrResourceId: node.EmrResourceId,
        Flag: node.Flag,
        Ip: node.Ip,
        MemDesc: node.MemDesc,
        CpuNum: node.CpuNum,
        DiskSize: node.DiskSize,
        ExpireTime: node.ExpireTime,
        Spec: node.Spec,
        StorageType: node.StorageType,
        RootSize: node.RootSize,
        RootStorageType: node.RootStorageType,
        MCMultiDisk: node.MCMultiDisk,
      })),
      MetaInfo: renewable ? tagKeysOf([renewable]) : [],
      RedisInfo: [],
    }
  },
})
