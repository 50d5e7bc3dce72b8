/** What a tag may be: EMR's rules in EMR's words, since the tags are the same ones, with the tag service's own codes. */
import type { Tag } from '../../../../domain/cluster/cluster.ts'
import { Fault, refuse } from '../../../../domain/fault.ts'
import { limits } from '../../../../limits.ts'
import type { TagInput } from '../../emr/cluster/create-shape.ts'
import { readTags } from '../../emr/tag/rule.ts'

/** For one tag too many, in a request or on a resource. */
export const TOO_MANY = 'LimitExceeded.ResourceAttachedTags'

/** `name` is the list's, for refusals. */
export function readResourceTags(
  name: string,
  tags: readonly TagInput[] | undefined,
): readonly Tag[] {
  try {
    return readTags(name, tags, limits.tagsPerCluster)
  } catch (problem) {
    const refusal =
      problem instanceof Fault && problem.code === 'ParametersRefused'
        ? (problem as Fault<'ParametersRefused'>).facts.refusals[0]
        : undefined
    if (!refusal) throw problem
    throw refuse({ ...refusal, code: codeOf(refusal.name, tags ?? []) })
  }
}

const KEY_MAX = 255
const VALUE_MAX = 127
const RESERVED = /^(qcloud|tencent|project)/i
const MEMBER = /\.(\d+)\.(TagKey|TagValue)$/

/** By the member that was refused, and the first of its problems. */
function codeOf(refused: string, tags: readonly TagInput[]): string {
  const [, index, member] = MEMBER.exec(refused) ?? []
  const tag = tags[Number(index)]
  if (!tag) return TOO_MANY
  const { TagKey: key, TagValue: value } = tag
  if (member === 'TagValue') {
    return lengthOf(value) > VALUE_MAX
      ? 'InvalidParameterValue.TagValueLengthExceeded'
      : 'InvalidParameterValue.TagValueCharacterIllegal'
  }
  if (key === '') return 'InvalidParameterValue.TagKeyEmpty'
  if (lengthOf(key) > KEY_MAX) return 'InvalidParameterValue.TagKeyLengthExceeded'
  if (RESERVED.test(key)) return 'InvalidParameter.ReservedTagKey'
  const isSecond = tags.findIndex((each) => each.TagKey === key) < Number(index)
  return isSecond ? 'InvalidParameter.Tag' : 'InvalidParameterValue.TagKeyCharacterIllegal'
}

/** In characters, not in the units that a script counts. */
function lengthOf(text: string): number {
  return [...text].length
}
