/** What a tag may be (reference: tencent-emr.md 2.3 Tag). The tag service takes a few more signs than EMR's page lists. */
import type { Tag } from '../../../../domain/cluster/cluster.ts'
import type { TagInput } from '../cluster/create-shape.ts'
import { example } from '../cluster/example.ts'
import { invalid } from '../refusal.ts'

/** Throws InvalidParameterValue. `name` is the list's, for refusals. */
export function readTags(
  name: string,
  tags: readonly TagInput[] | undefined,
  max = TAGS_MAX,
): readonly Tag[] {
  const list = (tags ?? []).map((tag) => ({ key: tag.TagKey, value: tag.TagValue }))
  if (list.length > max) {
    const rule = `at most ${max} tags can be given`
    const right = [{ TagKey: example.TagKey, TagValue: example.TagValue }]
    throw refused(name, { rule, value: `${list.length} tags`, example: right })
  }
  const seen = new Set<string>()
  for (const [index, { key, value }] of list.entries()) {
    if (!KEY.test(key)) {
      const rule = 'it must have 1 to 255 letters, digits or signs of +=.@-_:/()[] and space'
      throw refused(`${name}.${index}.TagKey`, { rule, value: key, example: example.TagKey })
    }
    if (RESERVED.test(key)) {
      const rule = 'it must not begin with qcloud, tencent or project, which are reserved'
      throw refused(`${name}.${index}.TagKey`, { rule, value: key, example: example.TagKey })
    }
    if (!VALUE.test(value)) {
      const rule = 'it must have at most 127 letters, digits or signs of +=.@-_:/()[] and space'
      throw refused(`${name}.${index}.TagValue`, { rule, value, example: example.TagValue })
    }
    if (seen.has(key)) {
      const rule = 'each key can be given once'
      throw refused(`${name}.${index}.TagKey`, { rule, value: key, example: `${key}-2` })
    }
    seen.add(key)
  }
  return list
}

/** At creation. */
const TAGS_MAX = 5
const KEY = /^[\p{L}\p{N}+=.@\-_:/()[\] ]{1,255}$/u
const VALUE = /^[\p{L}\p{N}+=.@\-_:/()[\] ]{0,127}$/u
const RESERVED = /^(qcloud|tencent|project)/i

function refused(
  name: string,
  it: { readonly rule: string; readonly value: string; readonly example: unknown },
) {
  return invalid({ name, code: 'InvalidParameterValue', ...it })
}
