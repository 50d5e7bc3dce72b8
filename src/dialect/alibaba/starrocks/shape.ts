/**
 * Members that several actions share.
 * Facts: reference alibaba-starrocks.md 3.1 (paging), 4.1, 4.2, 10 (C10: names are accepted in their widest form).
 */
import type { Call } from '../../../app/call.ts'
import { limits } from '../../../limits.ts'
import { choice, integer, list, object, optional, text } from '../../../shape/shape.ts'
import { regionIds } from '../catalogue/region.ts'
import { resourceName } from '../identity/policy-language.ts'

const TOKEN_MAX = 64
const NAME_MAX = 64
const ID_MAX = 128

export const regionId = choice(regionIds, { label: 'Region id', example: 'cn-hangzhou' })

/** A text about which nothing is known but that nobody needs a longer one. */
export const shortText = (label: string, example?: string) =>
  text({
    max: ID_MAX,
    message: `${label} should have at most ${ID_MAX} characters`,
    ...(example === undefined ? {} : { example }),
  })

export const instanceId = shortText('Instance id')

export const instanceName = text({
  max: NAME_MAX,
  pattern: /^[\p{L}\p{N}_-]+$/u,
  message: `Instance name should have 1 to ${NAME_MAX} letters, digits, underscores or hyphens`,
  example: 'lake-1',
})

export const resourceGroupId = text({
  max: ID_MAX,
  pattern: /^rg-[0-9A-Za-z_-]+$/,
  message: 'Resource group id should start with rg-',
  example: 'rg-aekzllkih7jqxxx',
})

export const resourceType = choice(['instance'], { label: 'Resource type', ignoreCase: true })

export const clientToken = text({
  max: TOKEN_MAX,
  pattern: /^[\x20-\x7e]+$/,
  message: `Client token should have at most ${TOKEN_MAX} ASCII characters`,
  example: '123e4567-e89b-12d3-a456-426655440000',
})

export const resourceIds = list(instanceId, {
  min: 1,
  max: limits.resourcesPerTagging,
  label: 'Number of resource ids',
})

export const tagKey = text({
  max: 128,
  pattern: /^(?!aliyun|acs:)(?!.*https?:\/\/)/,
  message:
    'Tag key should have 1 to 128 characters, not start with aliyun or acs:, and not contain http:// or https://',
  example: 'team',
})

const tagValue = text({
  max: 128,
  pattern: /^(?!.*https?:\/\/)/,
  message: 'Tag value should have at most 128 characters, and not contain http:// or https://',
  example: 'analytics',
})

/** An empty value is as good as none, so it may be left out. */
export const tag = object({ Key: tagKey, Value: optional(tagValue) })

export const tagOnWire = object({ Key: text(), Value: text() })

export const paging = {
  PageNumber: integer({ min: 1, max: 1_000_000, default: 1, label: 'Page number' }),
  PageSize: integer({ min: 1, max: limits.pageSize, default: 10, label: 'Page size' }),
} as const

export function pageOf(input: { readonly PageNumber: number; readonly PageSize: number }): {
  readonly limit: number
  readonly offset: number
} {
  return { limit: input.PageSize, offset: (input.PageNumber - 1) * input.PageSize }
}

export function tagsOf(
  tags: readonly { readonly Key: string; readonly Value?: string }[] | undefined,
): readonly { readonly key: string; readonly value: string }[] {
  return (tags ?? []).map(({ Key, Value }) => ({ key: Key, value: Value ?? '' }))
}

/**
 * What a policy may name: the instances of a request, or everything of the account. The service grants by operation (a policy
 * says `*`); one that names an instance is honoured as well, because a narrower grant must never become a wider one.
 */
export function instanceResources(call: Call, ids: readonly string[]): readonly string[] {
  const relativeIds = ids.length > 0 ? ids.map((id) => `instance/${id}`) : ['*']
  return relativeIds.map((relativeId) =>
    resourceName({
      region: call.region === '' ? '*' : call.region,
      accountId: call.principal.account,
      relativeId,
    }),
  )
}
