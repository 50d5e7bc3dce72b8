/**
 * The RAM decision about a request (reference: alibaba-starrocks.md 8): each resource with the context that it has, its own
 * tags and resource group among it.
 */
import type { Cluster } from '../../../domain/cluster/cluster.ts'
import type { Principal } from '../../../domain/identity.ts'
import { decideEach, type Decision } from '../../../domain/policy.ts'
import type { Authorisation } from '../../../gateway/dialect.ts'
import { policyContext } from './policy-context.ts'
import { canonicalAction, resourceName } from './policy-language.ts'
import { tagsOf } from '../starrocks/shape.ts'

export function authorise(it: Authorisation): Decision {
  const { call, action, input, request, nowMs } = it
  const { Tag, Tags, ResourceGroupId, NewResourceGroupId } = input
  const tags = tagsOf((Tags ?? Tag) as Parameters<typeof tagsOf>[0])
  const requested = ResourceGroupId ?? NewResourceGroupId
  const facts = {
    nowMs,
    secure: request.secure,
    sourceIp: request.remoteAddress,
    principal: principalArn(call.principal),
    requestTags: Object.fromEntries(tags.map(({ key, value }) => [key, value])),
  }
  const resources = it.resources.map((each) => {
    // The group that a cluster is in is a fact; the one that a request names is only requested.
    const group = each.resourceGroup ?? requested
    const context = policyContext({
      ...facts,
      ...(each.tags ? { resourceTags: each.tags } : {}),
      ...(typeof group === 'string' ? { resourceGroup: group } : {}),
    })
    return { resource: each.name, context }
  })
  return decideEach(call.principal.policies, canonicalAction(action.permission.action), resources)
}

const RELATIVE = 'instance/'

export function clusterIn(resource: string): string | undefined {
  const relativeId = resource.split(':').slice(4).join(':')
  const id = relativeId.slice(RELATIVE.length)
  return relativeId.startsWith(RELATIVE) && id !== '' && id !== '*' ? id : undefined
}

export function resourceOf({ region, account, id }: Cluster): string {
  return resourceName({ region, accountId: account, relativeId: `${RELATIVE}${id}` })
}

/** A role's name is that of its session, `<role>/<session>`. */
function principalArn({ account, kind, name }: Principal): string {
  if (kind === 'root') return `acs:ram::${account}:root`
  return `acs:ram::${account}:${kind === 'role' ? 'assumed-role' : 'user'}/${name}`
}
