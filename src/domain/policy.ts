/**
 * The policy evaluator: may this principal do this, on these resources, now?
 *
 * Guarantees: a deny always wins; nothing is allowed unless a statement allows it; every resource of the request must
 * be allowed, and one denied resource denies all; the order of policies and statements never changes the outcome.
 * It fails closed: a statement with a condition that cannot be evaluated never allows, and denies if it is a deny.
 * Pure: time, addresses and tags come in through the request's context.
 *
 * A dialect reads its language into a `PolicyDocument` (plain data, safe to store); `compilePolicy` prepares it once,
 * so that `decide`, which runs on every request, only compares. Exemptions (an account's owner) are the caller's.
 */
import { compileCondition, evaluateAll } from './policy-condition.ts'
import type { Condition, ConditionTest, Context } from './policy-condition.ts'
import { policyLimits } from './policy-limits.ts'
import { wildcardMatcher } from './wildcard-matcher.ts'
import type { Matcher } from './wildcard-matcher.ts'

export type Effect = 'allow' | 'deny'

export interface PolicyStatement {
  readonly effect: Effect
  /** `negated`: the statement is about every action but these. */
  readonly actions: { readonly negated: boolean; readonly patterns: readonly string[] }
  readonly resources: readonly ResourcePattern[]
  readonly conditions: readonly Condition[]
}

/**
 * Patterns per segment: a resource is cut at its first colons into as many segments, the last one keeping the rest,
 * so a wildcard never reaches into the next segment. The single segment `*` is every resource.
 */
export type ResourcePattern = readonly string[]

export interface PolicyDocument {
  readonly statements: readonly PolicyStatement[]
}

export interface Policy {
  readonly name: string
  readonly statements: readonly CompiledStatement[]
}

export interface CompiledStatement {
  readonly effect: Effect
  readonly matchesAction: Matcher
  readonly matchesResource: (resource: ResourceSegments) => boolean
  readonly resources: readonly ResourcePattern[]
  readonly conditions: readonly ConditionTest[]
  /** Whether it holds for some resources and not for others, or may, by its conditions. */
  readonly tellsApart: boolean
}

/** The resource's segments when cut into `count` of them; undefined when it has fewer. */
export type ResourceSegments = (count: number) => readonly string[] | undefined

export interface AccessRequest {
  readonly action: string
  readonly resources: readonly string[]
  readonly context: Context
}

export type Decision =
  | { readonly effect: 'allow' }
  | {
      readonly effect: 'deny'
      readonly kind: 'explicit'
      readonly policy: string
      readonly statement: number
      readonly resource: string
      /** Set when the statement denies because its condition could not be evaluated. */
      readonly reason?: string
    }
  | {
      readonly effect: 'deny'
      readonly kind: 'implicit'
      readonly resource?: string
      /** Set when a statement would have allowed, had its condition been evaluable, or the request is malformed. */
      readonly reason?: string
      readonly policy?: string
      readonly statement?: number
    }

/** Throws RangeError for a document beyond the limits: a parser has refused it by name before. */
export function compilePolicy(name: string, document: PolicyDocument): Policy {
  if (document.statements.length > policyLimits.statements) {
    throw new RangeError(`policy ${name} has more than ${policyLimits.statements} statements`)
  }
  return { name, statements: document.statements.map((statement) => compileStatement(statement)) }
}

export function decide(policies: readonly Policy[], request: AccessRequest): Decision {
  const problem = problemOf(request)
  if (problem !== undefined) return { effect: 'deny', kind: 'implicit', reason: problem }
  const action = request.action.toLowerCase()
  const pending = request.resources.map((resource) => ({
    resource,
    segments: segmentsOf(resource),
    allowed: false,
  }))
  let nearMiss: { policy: string; statement: number; reason: string } | undefined
  for (const policy of policies) {
    for (const [index, statement] of policy.statements.entries()) {
      if (!statement.matchesAction(action)) continue
      const touched = pending.filter((entry) => statement.matchesResource(entry.segments))
      const [first] = touched
      if (first === undefined) continue
      const finding = evaluateAll(statement.conditions, request.context)
      if (finding === 'fails') continue
      const where = { policy: policy.name, statement: index }
      const why = finding === 'holds' ? undefined : finding.unevaluable
      if (statement.effect === 'deny') {
        const denial = { effect: 'deny', kind: 'explicit', ...where } as const
        const { resource } = first
        return why === undefined ? { ...denial, resource } : { ...denial, resource, reason: why }
      }
      if (why === undefined) for (const entry of touched) entry.allowed = true
      else nearMiss ??= { ...where, reason: why }
    }
  }
  const refused = pending.find((entry) => !entry.allowed)
  if (refused === undefined) return { effect: 'allow' }
  return { effect: 'deny', kind: 'implicit', resource: refused.resource, ...nearMiss }
}

/** Decides about each resource with its own context; a denial of one denies all, and an explicit one is reported first. */
export function decideEach(
  policies: readonly Policy[],
  action: string,
  requested: readonly { readonly resource: string; readonly context: Context }[],
): Decision {
  const resources = requested.map((each) => each.resource)
  const problem = problemOf({ action, resources })
  if (problem !== undefined) return { effect: 'deny', kind: 'implicit', reason: problem }
  const denials = requested
    .map(({ resource, context }) => decide(policies, { action, resources: [resource], context }))
    .filter((decision) => decision.effect === 'deny')
  return denials.find((denial) => denial.kind === 'explicit') ?? denials[0] ?? { effect: 'allow' }
}

/** Whether what these policies say of an action depends on the resource, as far as is known without one. */
export function distinguishesResources(policies: readonly Policy[], action: string): boolean {
  return statementsOn(policies, action).some((statement) => statement.tellsApart)
}

/** Whether there is a resource and a context in which some statement allows the action. */
export function allowsSomewhere(policies: readonly Policy[], action: string): boolean {
  return statementsOn(policies, action).some((statement) => statement.effect === 'allow')
}

function statementsOn(policies: readonly Policy[], action: string): readonly CompiledStatement[] {
  const requested = action.toLowerCase()
  return policies
    .flatMap((policy) => policy.statements)
    .filter((statement) => statement.matchesAction(requested))
}

function compileStatement(statement: PolicyStatement): CompiledStatement {
  checkSizes(statement)
  return {
    effect: statement.effect,
    matchesAction: compileActions(statement.actions),
    matchesResource: compileResources(statement.resources),
    resources: statement.resources,
    conditions: statement.conditions.map((condition) => compileCondition(condition)),
    tellsApart: statement.conditions.length > 0 || !coversAll(statement.resources),
  }
}

function checkSizes(statement: PolicyStatement): void {
  const { actions, resources, conditions } = statement
  for (const list of [actions.patterns, resources, conditions]) {
    if (list.length > policyLimits.values) {
      throw new RangeError(`a statement lists more than ${policyLimits.values} items`)
    }
  }
  const texts = [
    ...actions.patterns,
    ...resources.flat(),
    ...conditions.flatMap(({ key, values }) => [key, ...values]),
  ]
  if (texts.some((text) => text.length > policyLimits.patternCharacters)) {
    throw new RangeError(`a text is longer than ${policyLimits.patternCharacters} characters`)
  }
}

/** Action names are compared without case: no service has two actions that differ in case only. */
function compileActions(actions: PolicyStatement['actions']): Matcher {
  const matchers = actions.patterns.map((pattern) => wildcardMatcher(pattern.toLowerCase()))
  const { negated } = actions
  return (action) => matchers.some((matches) => matches(action)) !== negated
}

function compileResources(
  patterns: readonly ResourcePattern[],
): CompiledStatement['matchesResource'] {
  if (coversAll(patterns)) return () => true
  const compiled = patterns.map((pattern) => pattern.map((segment) => wildcardMatcher(segment)))
  return (resource) =>
    compiled.some((matchers) => {
      const segments = resource(matchers.length)
      return segments?.every((segment, index) => matchers[index]?.(segment)) ?? false
    })
}

function coversAll(patterns: readonly ResourcePattern[]): boolean {
  return patterns.some((pattern) => pattern.length === 1 && pattern[0] === '*')
}

/** All patterns of a language have the same number of segments, so one cut per resource serves nearly always. */
function segmentsOf(resource: string): ResourceSegments {
  let cutInto = 0
  let cut: readonly string[] | undefined
  return (count) => {
    if (count !== cutInto) {
      cutInto = count
      const all = resource.split(':')
      cut =
        all.length < count
          ? undefined
          : [...all.slice(0, count - 1), all.slice(count - 1).join(':')]
    }
    return cut
  }
}

/** A request that names nothing must not pass for one whose every resource is allowed. */
function problemOf(request: Omit<AccessRequest, 'context'>): string | undefined {
  if (request.action === '') return 'the request names no action'
  if (request.resources.length === 0) return 'the request names no resource'
  if (request.resources.length > policyLimits.resources)
    return 'the request names too many resources'
  const characters = request.resources.reduce((sum, resource) => sum + resource.length, 0)
  if (characters > policyLimits.resourceCharacters) return 'the request names too many resources'
  const texts = [request.action, ...request.resources]
  if (texts.some((text) => text.length > policyLimits.factCharacters)) {
    return 'the request names an action or resource that is too long'
  }
  return undefined
}
