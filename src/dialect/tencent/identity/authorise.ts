/** The CAM decision about a request (reference: tencent-emr.md 6.8): each resource with the context that it has. */
import type { Cluster } from '../../../domain/cluster/cluster.ts'
import { decideEach, type Decision } from '../../../domain/policy.ts'
import type { Authorisation } from '../../../gateway/dialect.ts'
import { policyContext } from './policy-context.ts'
import { canonicalAction, resourceName } from './policy-language.ts'

export function authorise(it: Authorisation): Decision {
  const { call, action, input, request, nowMs } = it
  const facts = {
    nowMs,
    secure: request.secure,
    sourceIp: request.remoteAddress,
    principal: call.principal.id,
  }
  const resources = it.resources.map(({ name, tags }, at) => {
    const requestTags = tagsFor(input, at)
    const context = policyContext({
      ...facts,
      requestTags,
      ...(tags ? { resourceTags: tags } : {}),
    })
    return { resource: name, context }
  })
  return decideEach(call.principal.policies, canonicalAction(action.permission.action), resources)
}

interface Tag {
  readonly TagKey: string
  readonly TagValue: string
}

interface Change {
  readonly AddTags?: readonly Tag[]
  readonly ModifyTags?: readonly Tag[]
}

/** The tags that a request would put on its resources; EMR's ModifyResourcesTags has them for each resource in turn. */
function tagsFor(input: Authorisation['input'], at: number): Readonly<Record<string, string>> {
  const changes = input['ModifyResourceTagsInfoList'] as readonly Change[] | undefined
  const change = changes?.[at]
  const tags = changes
    ? [...(change?.AddTags ?? []), ...(change?.ModifyTags ?? [])]
    : ((input['Tags'] ?? input['ReplaceTags'] ?? []) as readonly Tag[])
  return Object.fromEntries(tags.map(({ TagKey, TagValue }) => [TagKey, TagValue]))
}

const TYPE = 'emr-instance/'

export function clusterIn(resource: string): string | undefined {
  const last = resource.split(':').slice(5).join(':')
  const id = last.slice(TYPE.length)
  return last.startsWith(TYPE) && id !== '' && id !== '*' ? id : undefined
}

export function resourceOf({ region, account, id }: Cluster): string {
  return resourceName({ region, ownerUin: account, resource: `${TYPE}${id}` })
}
