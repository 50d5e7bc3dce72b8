/**
 * What policies let somebody do with objects, as names under which everything may be done: the form in which a program can judge each
 * name by itself. Pure.
 *
 * A name is given only where policies allow all that can lie under it, now and later, and deny none of it: what cannot be said
 * as such a name (a pattern with a wildcard in the middle, an exception below a folder) is not given. Conditions that cannot be
 * evaluated here never allow, and deny if they deny.
 */
import { evaluateAll, type Context } from './policy-condition.ts'
import { decide, type CompiledStatement, type Policy } from './policy.ts'
import { hasWildcard, matchesBeyond, wildcardMatcher } from './wildcard-matcher.ts'

export const objectRights = ['read', 'write', 'list'] as const
export type ObjectRight = (typeof objectRights)[number]

export interface ObjectPrefix {
  /** `oss://bucket/path/`: everything that begins so. */
  readonly name: string
  readonly rights: readonly ObjectRight[]
}

/** How a cloud's policies speak of objects. */
export interface ObjectLanguage {
  readonly scheme: string
  readonly actions: { readonly [right in ObjectRight]: string }
  /** A bucket, or an object of it by `bucket/key`, as policies name it: the path is the last segment. */
  resourceOf(path: string): string
}

export interface ObjectQuestion {
  readonly policies: readonly Policy[]
  readonly buckets: readonly string[]
  readonly language: ObjectLanguage
  readonly context: Context
}

/** Longer names first; each has all rights of those above it, so that the first that fits says everything. */
export function objectPrefixes(question: ObjectQuestion): readonly ObjectPrefix[] {
  const found = question.buckets.flatMap((bucket) => prefixesIn(question, bucket))
  return found.toSorted((one, other) => other.name.length - one.name.length || order(one, other))
}

function order(one: ObjectPrefix, other: ObjectPrefix): number {
  return one.name < other.name ? -1 : 1
}

function prefixesIn(question: ObjectQuestion, bucket: string): readonly ObjectPrefix[] {
  const { policies, language, context } = question
  const resources = [language.resourceOf(bucket)]
  const { effect } = decide(policies, { action: language.actions.list, resources, context })
  const inherited: readonly ObjectRight[] = effect === 'allow' ? ['list'] : []
  const paths = [...candidates(question, bucket)].sort()
  const prefixes: ObjectPrefix[] = []
  for (const path of paths) {
    const above = prefixes.findLast((each) => nameOf(language, path).startsWith(each.name))
    const had = above?.rights ?? inherited
    const rights = objectRights.filter(
      (right) => had.includes(right) || (right !== 'list' && isGranted(question, right, path)),
    )
    if (rights.length > (above?.rights.length ?? 0))
      prefixes.push({ name: nameOf(language, path), rights })
  }
  return prefixes
}

function nameOf({ scheme }: ObjectLanguage, path: string): string {
  return `${scheme}://${path}`
}

/** The bucket, and the folders in it that statements which allow something name. */
function candidates({ policies, language }: ObjectQuestion, bucket: string): ReadonlySet<string> {
  const whole = `${bucket}/`
  const found = new Set([whole])
  for (const { effect, resources } of policies.flatMap(({ statements }) => statements)) {
    if (effect === 'deny') continue
    for (const pattern of resources) {
      const path = pathIn(pattern, language)
      if (path === undefined || !path.startsWith(whole)) continue
      const head = path.slice(0, path.search(/[*?]|$/))
      found.add(head.slice(0, head.lastIndexOf('/') + 1))
      if (!head.endsWith('/') && hasWildcard(path)) found.add(`${head}/`)
    }
  }
  return found
}

/** The last segment of a pattern that means objects; `*` alone is every resource. */
function pathIn(pattern: readonly string[], language: ObjectLanguage): string | undefined {
  if (pattern.length === 1 && pattern[0] === '*') return '*'
  const [...segments] = language.resourceOf('').split(':')
  if (pattern.length !== segments.length) return undefined
  const isMeant = pattern
    .slice(0, -1)
    .every((segment, at) => wildcardMatcher(segment)(segments[at] ?? ''))
  return isMeant ? pattern.at(-1) : undefined
}

/** Whether everything that begins with the path is allowed and nothing of it denied. */
function isGranted(question: ObjectQuestion, right: ObjectRight, path: string): boolean {
  const { policies, language, context } = question
  const action = language.actions[right].toLowerCase()
  let allowed = false
  for (const statement of policies.flatMap(({ statements }) => statements)) {
    if (!statement.matchesAction(action)) continue
    const finding = evaluateAll(statement.conditions, context)
    if (finding === 'fails') continue
    const paths = pathsOf(statement, language)
    if (statement.effect === 'deny') {
      if (paths.some((each) => matchesBeyond(each, path))) return false
    } else if (finding === 'holds')
      // What ends in a star and matches the beginning matches all that begins so.
      allowed ||= paths.some((each) => each.endsWith('*') && wildcardMatcher(each)(path))
  }
  return allowed
}

function pathsOf({ resources }: CompiledStatement, language: ObjectLanguage): readonly string[] {
  return resources.flatMap((pattern) => pathIn(pattern, language) ?? [])
}
