/**
 * InstallSoftware: more components on the nodes of a running cluster, by the rules that a new one is judged by (reference: tencent-emr.md
 * 2.4, 4.1, appendix B). What they would have to buy, or run beside the cluster, is refused by name.
 */
import {
  flag,
  integer,
  list,
  object,
  optional,
  text,
  type Static,
  type TObject,
} from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { clusterId, clusterResource } from '../cluster/cluster-id.ts'
import { customMeta, externalService, tag } from '../cluster/create-shape.ts'
import { given, unsupported } from '../refusal.ts'
import { moreSoftware } from './addition.ts'
import { daemonsOfCluster } from './placement.ts'

/** More than a cluster can have components. */
const SOFTWARE_MAX = 50

const input = {
  InstanceId: clusterId('InvalidParameter.InvalidClusterId'),
  SoftInfo: list(text({ max: 128 }), {
    min: 1,
    max: SOFTWARE_MAX,
    code: 'InvalidParameter.InvalidSoftInfo',
  }),
  CdbAutoRenew: optional(text()),
  MetaType: optional(text()),
  UnifyMetaInstanceId: optional(text()),
  MetaDBInfo: optional(customMeta),
  ExternalService: optional(list(externalService)),
  Tags: optional(list(tag)),
  CloudResources: optional(list(object({ ComponentName: text() }))),
  ServiceDeployInfoList: optional(list(object({ ServiceName: optional(text()) }))),
  DefaultMetaVersion: optional(text()),
  NeedCdbAudit: optional(integer()),
  ContainerExtraConf: optional(object({ JobAccessProxyType: optional(text()) })),
  CheckServiceDeployInfo: flag({ default: false }),
  MetaDBGroupInfo: optional(list(object({ MetaType: optional(text()) }))),
}

export const installSoftware = action({
  name: 'InstallSoftware',
  input,
  output: { ErrorMessages: list(text()), FlowId: integer() },
  faults: ['ClusterNotFound', 'ClusterBusy', 'NotSupported'],
  resources: (call, { InstanceId: id }) => [clusterResource(call, id)],
  async run(core, call, asked) {
    refuseUnsupported(asked)
    const { flow } = await core.clusters.install(call, asked.InstanceId, {
      more: (was) => moreSoftware(was, asked.SoftInfo),
      daemons: daemonsOfCluster,
    })
    return { ErrorMessages: [], FlowId: flow }
  },
})

const TEXTS = ['CdbAutoRenew', 'MetaType', 'UnifyMetaInstanceId', 'DefaultMetaVersion'] as const
const LISTS = [
  'ExternalService',
  'Tags',
  'CloudResources',
  'ServiceDeployInfoList',
  'MetaDBGroupInfo',
] as const

function refuseUnsupported(asked: Static<TObject<typeof input>>): void {
  const word = TEXTS.find((name) => given(asked[name]) !== undefined)
  if (word !== undefined)
    throw unsupported(word, 'no database is bought for components that come later')
  const items = LISTS.find((name) => (asked[name] ?? []).length > 0)
  if (items !== undefined) throw unsupported(items)
  const database = asked.MetaDBInfo ?? {}
  if (Object.values(database).some((value) => given(value) !== undefined))
    throw unsupported('MetaDBInfo')
  if ((asked.NeedCdbAudit ?? 0) !== 0) throw unsupported('NeedCdbAudit')
  if (given(asked.ContainerExtraConf?.JobAccessProxyType) !== undefined)
    throw unsupported('ContainerExtraConf')
}
