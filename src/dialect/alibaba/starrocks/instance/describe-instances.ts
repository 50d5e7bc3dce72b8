/**
 * DescribeInstances: the caller's instances, newest first. Released ones are shown while they go and then no more, which is what
 * Terraform waits for. Facts: reference alibaba-starrocks.md 3.2, 6.1, 9.3.
 */
import { refuse } from '../../../../domain/fault.ts'
import { limits } from '../../../../limits.ts'
import { integer, list, object, optional, text } from '../../../../shape/shape.ts'
import { instanceStatuses, statesOf } from '../../states.ts'
import { action } from '../action.ts'
import { instanceResources, pageOf, paging, regionId, shortText } from '../shape.ts'
import { instanceView, shownInstance } from './view.ts'

/** Every status there is, once, with room to spare. */
const STATUS_FILTER_MAX = 1024

export const describeInstances = action({
  name: 'DescribeInstances',
  input: {
    InstanceId: optional(shortText('Instance id')),
    InstanceName: optional(shortText('Instance name')),
    InstanceStatus: optional(
      text({ max: STATUS_FILTER_MAX, message: 'Instance status names too many' }),
    ),
    ...paging,
    RegionId: optional(regionId),
    ResourceGroupId: optional(shortText('Resource group id')),
    Tag: optional(
      list(object({ Key: shortText('Tag key'), Value: optional(shortText('Tag value')) }), {
        max: limits.tagsPerCluster,
        label: 'Number of tags',
      }),
    ),
  },
  output: { Data: list(instanceView), Total: integer() },
  faults: [],
  asks: ['identity'],
  listing: true,
  resources: (call, input) =>
    instanceResources(call, input.InstanceId === undefined ? [] : [input.InstanceId]),
  async run(core, call, input) {
    const { InstanceId, InstanceName, InstanceStatus, ResourceGroupId, Tag } = input
    const page = await core.clusters.list(call, {
      ...pageOf(input),
      order: 'newest',
      exceptStates: ['deleted'],
      ...(call.region === '' ? {} : { region: call.region }),
      ...(InstanceId === undefined ? {} : { ids: [InstanceId] }),
      ...(InstanceName === undefined ? {} : { nameContains: InstanceName }),
      ...(InstanceStatus === undefined ? {} : statesOf(statusesIn(InstanceStatus))),
      ...(ResourceGroupId === undefined ? {} : { resourceGroup: ResourceGroupId }),
      ...(Tag === undefined ? {} : { tags: Tag.map(tagFilter) }),
    })
    const nowMs = core.clock.now()
    return {
      Data: page.rows.map(({ document }) => shownInstance(document, nowMs)),
      Total: page.total,
    }
  },
})

/** A comma list; every word must be a status. */
function statusesIn(filter: string): readonly string[] {
  const words = filter.split(',').flatMap((word) => word.trim() || [])
  const known: readonly string[] = instanceStatuses
  if (words.every((word) => known.includes(word))) return words
  throw refuse({
    name: 'InstanceStatus',
    problem: 'value',
    label: 'Instance status',
    allowed: known,
  })
}

/** Without a value, any value will do. */
function tagFilter({ Key, Value }: { readonly Key: string; readonly Value?: string }) {
  return { key: Key, ...(Value === undefined || Value === '' ? {} : { value: Value }) }
}
