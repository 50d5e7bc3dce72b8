/**
 * A policy language, from what a dialect says of it: its words, and how it writes actions, resources and condition keys. The
 * frame of a document (version, statements, effects) is read here, once for all languages, and so is every refusal that is
 * about the frame. Throws PolicyError, whose message names the place.
 */
import type { ConditionReader, Members, PlacedText } from './policy-document.ts'
import {
  PolicyError,
  join,
  readConditions,
  readDocument,
  readMembers,
  readStatements,
  readTexts,
  refuseUnknown,
} from './policy-document.ts'
import type { Effect, Policy, PolicyStatement, ResourcePattern } from './policy.ts'
import { compilePolicy } from './policy.ts'

/** How a cloud spells the frame of its documents. */
export interface PolicyWords {
  readonly version: { readonly name: string; readonly value: string }
  readonly statement: string
  /** One statement may stand without a list around it. */
  readonly bareStatement: boolean
  readonly effect: string
  readonly effects: Readonly<Record<Effect, string>>
  readonly action: string
}

export interface PolicyLanguage {
  readonly words: PolicyWords
  /** Whether `Allow` and `allow` are the same effect. */
  readonly effectIgnoresCase: boolean
  /** The element for "every action but these", where the language has one. */
  readonly notAction?: string
  readonly resource: string
  readonly condition: string
  /** The patterns that an action means. */
  readAction(item: PlacedText): readonly string[]
  /** The patterns that a resource means. */
  readResource(item: PlacedText): readonly ResourcePattern[]
  readonly conditions: ConditionReader
}

/** From a policy's name and its text. */
export function policyParser(language: PolicyLanguage): (name: string, text: string) => Policy {
  return (name, text) => {
    const statements = statementsIn(text, language.words).map(({ value, path }) =>
      readStatement(language, value, path),
    )
    return compilePolicy(name, { statements })
  }
}

/** The statements of a document, each with its place; nothing in them has been read yet. */
export function statementsIn(
  text: string,
  { version, statement, bareStatement }: PolicyWords,
): readonly { readonly value: unknown; readonly path: string }[] {
  const document = readDocument(text)
  refuseUnknown(document, [version.name, statement], '')
  if (document.get(version.name) !== version.value)
    throw new PolicyError(version.name, `must be ${JSON.stringify(version.value)}`)
  const value = document.get(statement)
  if (bareStatement && typeof value === 'object' && value !== null && !Array.isArray(value))
    return [{ value, path: statement }]
  return readStatements(value, statement).map((each, index) => ({
    value: each,
    path: `${statement}[${index}]`,
  }))
}

/** The effect of a statement, spelled as the language spells it. */
export function readEffect(
  members: Members,
  path: string,
  { effect, effects }: PolicyWords,
  ignoreCase = false,
): Effect {
  const value = members.get(effect)
  const word = ignoreCase && typeof value === 'string' ? value.toLowerCase() : value
  if (word === effects.allow) return 'allow'
  if (word === effects.deny) return 'deny'
  throw new PolicyError(join(path, effect), `must be ${effects.allow} or ${effects.deny}`)
}

function readStatement(language: PolicyLanguage, value: unknown, path: string): PolicyStatement {
  const { words, notAction, resource, condition } = language
  const members = readMembers(value, path)
  const others = notAction === undefined ? [] : [notAction]
  refuseUnknown(members, [words.effect, words.action, ...others, resource, condition], path)
  const negated = notAction !== undefined && members.has(notAction)
  if (negated && members.has(words.action))
    throw new PolicyError(join(path, notAction), `must not stand beside ${words.action}`)
  const texts = (name: string) => readTexts(members.get(name), join(path, name))
  return {
    effect: readEffect(members, path, words, language.effectIgnoresCase),
    actions: {
      negated,
      patterns: texts(negated ? notAction : words.action).flatMap((item) =>
        language.readAction(item),
      ),
    },
    resources: texts(resource).flatMap((item) => language.readResource(item)),
    conditions: readConditions(members.get(condition), join(path, condition), language.conditions),
  }
}
