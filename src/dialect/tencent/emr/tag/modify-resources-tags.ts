/**
 * ModifyResourcesTags: adds, changes and removes tags of several clusters, each for itself: what fails for one does not hold
 * up the others, and is listed in FailList (reference: tencent-emr.md 5.4 neighbours, 6.8, api.json).
 *
 * The documents want ResourcePrefix and ServiceType, and a resource of the vendor's Terraform provider sends neither: the six-segment Resource
 * says both already. One that is sent must agree with it.
 */
import type { Call } from '../../../../app/call.ts'
import type { Core } from '../../../../app/core.ts'
import { Fault } from '../../../../domain/fault.ts'
import {
  choice,
  integer,
  list,
  object,
  optional,
  text,
  type Static,
} from '../../../../shape/shape.ts'
import { action } from '../action.ts'
import { clusterResource } from '../cluster/cluster-id.ts'
import { tag } from '../cluster/create-shape.ts'
import { invalid, unsupported } from '../refusal.ts'
import { fullRegion } from '../../identity/policy-region.ts'
import { readTags } from './rule.ts'
import { limits } from '../../../../limits.ts'

const change = object({
  ResourceId: text({ trim: true, min: 1, max: 64 }),
  Resource: text({ max: 256 }),
  ResourcePrefix: optional(text({ max: 64 })),
  ResourceRegion: text({ min: 1, max: 64 }),
  ServiceType: optional(choice(['emr'])),
  DeleteTags: optional(list(tag, { max: limits.tagsPerCluster })),
  AddTags: optional(list(tag, { max: limits.tagsPerCluster })),
  ModifyTags: optional(list(tag, { max: limits.tagsPerCluster })),
})

type Change = Static<typeof change>

export const modifyResourcesTags = action({
  name: 'ModifyResourcesTags',
  input: {
    ModifyType: choice(['Cluster', 'Node'], { ignoreCase: true }),
    ModifyResourceTagsInfoList: list(change, { min: 1, max: limits.resourcesPerTagging }),
  },
  output: {
    SuccessList: list(text()),
    FailList: list(text()),
    PartSuccessList: list(text()),
    ClusterToFlowIdList: list(object({ ClusterId: text(), FlowId: integer() })),
  },
  faults: ['NotSupported'],
  asks: ['identity'],
  resources: (call, { ModifyResourceTagsInfoList: changes }) =>
    changes.map((each) => clusterResource(call, each.ResourceId, each.ResourceRegion)),
  async run(core, call, input) {
    if (input.ModifyType === 'Node')
      throw unsupported('ModifyType', 'nodes have no tags of their own')
    const changes = input.ModifyResourceTagsInfoList
    for (const [index, each] of changes.entries()) checkChange(call, each, index)
    const flows: { ClusterId: string; FlowId: number }[] = []
    const failed: string[] = []
    for (const each of changes) {
      const flow = await retag(core, call, each)
      if (flow === undefined) failed.push(each.ResourceId)
      else flows.push({ ClusterId: each.ResourceId, FlowId: flow })
    }
    return {
      SuccessList: flows.map((flow) => flow.ClusterId),
      FailList: failed,
      PartSuccessList: [],
      ClusterToFlowIdList: flows,
    }
  },
})

function checkChange(call: Call, it: Change, index: number): void {
  const name = `ModifyResourceTagsInfoList.${index}`
  readTags(`${name}.AddTags`, it.AddTags, limits.tagsPerCluster)
  readTags(`${name}.ModifyTags`, it.ModifyTags, limits.tagsPerCluster)
  const refused = (member: string, rule: string, value: string) =>
    invalid({ name: `${name}.${member}`, code: 'InvalidParameterValue', rule, value })
  const { ResourcePrefix: prefix = PREFIX } = it
  if (prefix !== PREFIX && prefix !== SERVICE)
    throw refused('ResourcePrefix', `with ModifyType Cluster it must be ${PREFIX}`, prefix)
  const [, region = '', account = '', id] = RESOURCE.exec(it.Resource) ?? []
  if (id !== it.ResourceId || (account !== '' && account !== call.principal.account)) {
    const rule = `it must be qcs::emr:region:uin/account:${PREFIX}/${it.ResourceId}`
    throw refused('Resource', rule, it.Resource)
  }
  if (region !== '' && fullRegion(region) !== it.ResourceRegion) {
    const rule = `its region must be ${it.ResourceRegion}, as in ResourceRegion`
    throw refused('Resource', rule, it.Resource)
  }
}

const PREFIX = 'emr-instance'
/** What newer resources of the Terraform provider send in its place. */
const SERVICE = 'emr'

/** The Terraform provider leaves the account's number out. */
const RESOURCE = /^qcs::emr:([a-z0-9-]*):uin\/(\d*):emr-instance\/(.+)$/

/** The number of the flow, or undefined when the cluster is not there, is going, or would have too many tags. */
async function retag(core: Core, call: Call, it: Change): Promise<number | undefined> {
  const set = [...(it.AddTags ?? []), ...(it.ModifyTags ?? [])].map(
    ({ TagKey: key, TagValue: value }) => ({ key, value }),
  )
  const remove = (it.DeleteTags ?? []).map((each) => each.TagKey)
  try {
    const where = { ...call, region: it.ResourceRegion }
    return await core.clusters.retag(where, it.ResourceId, { set, remove })
  } catch (problem) {
    if (problem instanceof Fault && FAILURES.has(problem.code)) return undefined
    throw problem
  }
}

const FAILURES: ReadonlySet<string> = new Set(['ClusterNotFound', 'ClusterBusy', 'LimitReached'])
