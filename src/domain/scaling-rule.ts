/**
 * A scaling rule: nodes that a group has beside its own from one time to another, again and again. Its events are times in the
 * calendar; the last one that has passed says whether its nodes are wanted. Pure.
 */
import type { NodeGroup } from './cluster/node-group.ts'
import { nextOccurrence, type Recurrence } from './recurrence.ts'

export interface ScalingRule {
  readonly id: string
  readonly account: string
  readonly cluster: string
  readonly group: string
  readonly name: string
  /** How many nodes come and go. */
  readonly nodes: number
  readonly out: Recurrence
  readonly in: Recurrence
  readonly createdMs: number
  /** Its events are known up to this time. */
  readonly seenMs: number
  /** Whether its nodes are wanted, by its last event. */
  readonly on: boolean
  /** They were asked for since; what was refused or undone is not tried again before the next event. */
  readonly tried: boolean
  /** It goes when its nodes are gone, and nobody finds it any more. */
  readonly removed?: true
  /** Its last event is behind it, and what that asked for is done: it is kept for those who read it. */
  readonly over?: true
}

/** The rule with every event until `nowMs` behind it. */
export function upTo(rule: ScalingRule, nowMs: number): ScalingRule {
  let it = rule
  for (let next = nextEvent(it); next !== undefined && next.atMs <= nowMs; next = nextEvent(it))
    it = { ...it, seenMs: next.atMs, on: next.on, tried: false }
  return it
}

/** When its next event is; undefined when there is none. */
export function nextEventMs(rule: ScalingRule): number | undefined {
  return nextEvent(rule)?.atMs
}

/** Whether its nodes go again after they have come next; where they never come, there is nothing to go. */
export function ends({ out, in: back }: Pick<ScalingRule, 'out' | 'in'>, nowMs: number): boolean {
  const outMs = nextOccurrence(out, nowMs)
  return outMs === undefined || nextOccurrence(back, outMs) !== undefined
}

/** How many nodes of the rule the group shall have. */
export function wantedNodes({ on, nodes, removed }: ScalingRule): number {
  return on && !removed ? nodes : 0
}

export function nodesByRule(group: NodeGroup, rule: Pick<ScalingRule, 'id'>): NodeGroup {
  return { ...group, nodes: group.nodes.filter(({ elastic }) => elastic === rule.id) }
}

/** Both at the same time is an end. */
function nextEvent({
  out,
  in: back,
  seenMs,
}: ScalingRule): { readonly atMs: number; readonly on: boolean } | undefined {
  const outMs = nextOccurrence(out, seenMs)
  const inMs = nextOccurrence(back, seenMs)
  if (outMs === undefined && inMs === undefined) return undefined
  const on = (outMs ?? Infinity) < (inMs ?? Infinity)
  return { atMs: Math.min(outMs ?? Infinity, inMs ?? Infinity), on }
}
