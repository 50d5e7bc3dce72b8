/** ModifyResourceTags: sets and removes tags of one cluster, which are the ones that EMR shows. */
import { Fault } from '../../../../domain/fault.ts'
import { list, object, optional, text } from '../../../../shape/shape.ts'
import { limits } from '../../../../limits.ts'
import { clusterResource } from '../../emr/cluster/cluster-id.ts'
import { tag } from '../../emr/cluster/create-shape.ts'
import { invalid, missing } from '../../emr/refusal.ts'
import { action } from '../action.ts'
import { resourceIn } from './resource.ts'
import { readResourceTags, TOO_MANY } from './rule.ts'

const tagKey = object({ TagKey: text() })

export const modifyResourceTags = action({
  name: 'ModifyResourceTags',
  input: {
    Resource: text({
      min: 1,
      max: 256,
      code: 'InvalidParameterValue.ResourceDescriptionError',
    }),
    ReplaceTags: optional(list(tag, { min: 1, code: 'InvalidParameter.Tag' })),
    DeleteTags: optional(list(tagKey, { min: 1, code: 'InvalidParameter.Tag' })),
  },
  output: {},
  faults: [],
  asks: ['tag'],
  resources(call, { Resource: name }) {
    const it = resourceIn(name)
    return [clusterResource(call, it?.id ?? '*', it?.region ?? '')]
  },
  async run(core, call, { Resource: name, ReplaceTags: replace, DeleteTags: remove }) {
    if (replace === undefined && remove === undefined) throw missing('ReplaceTags')
    const it = resourceIn(name)
    const { account } = call.principal
    if (!it || (it.account !== '' && it.account !== account)) throw undescribed(name)
    const set = readResourceTags('ReplaceTags', replace)
    const keys = (remove ?? []).map((each) => each.TagKey)
    const both = set.find(({ key }) => keys.includes(key))
    if (both) {
      const rule = 'a key of ReplaceTags cannot be deleted'
      throw invalid({ name: 'DeleteTags', code: BOTH, rule, value: both.key })
    }
    try {
      await core.clusters.retag({ ...call, region: it.region, product: it.product }, it.id, {
        set,
        remove: keys,
      })
    } catch (problem) {
      throw said(problem, name)
    }
    return {}
  },
})

const BOTH = 'InvalidParameterValue.DeleteTagsParamError'

/** Nothing of the caller's is called so. */
function undescribed(name: string): Fault {
  return invalid({
    name: 'Resource',
    code: 'InvalidParameterValue.ResourceDescriptionError',
    rule: 'it must be qcs::emr:region:uin/account:emr-instance/id of a cluster that is there',
    value: name,
  })
}

/** The service's own code for what the core refuses; its list has none for a resource that is not there. */
function said(problem: unknown, name: string): unknown {
  if (!(problem instanceof Fault)) return problem
  if (problem.code === 'ClusterNotFound') return undescribed(name)
  if (problem.code !== 'LimitReached') return problem
  const rule = `at most ${limits.tagsPerCluster} tags are allowed for a resource`
  return invalid({ name: 'ReplaceTags', code: TOO_MANY, rule })
}
