/**
 * How one process is doing, from one look to the next: whether it has answered since it was started, since when it does not, how
 * often it ended by itself. Pure. `ms` is service time, in which everything is reported; `wallMs` is the machine's, by which
 * timeouts are measured: moving the service's time must not have a process ended.
 */
import type { GroupProblem } from '../port.ts'

export interface Condition {
  /** The process that was last seen alive; absent when it was ended on purpose. */
  readonly pid?: number
  /** When that first answered, or should have by then; absent while it comes up. */
  readonly answered?: Moment
  readonly failing?: Failure
  readonly ends?: Ends
  /** It cannot be started: its data key could not be had. */
  readonly blocked?: { readonly reason: string; readonly sinceMs: number; readonly asked: Moment }
}

export interface Moment {
  readonly ms: number
  readonly wallMs: number
}

/** Looks that found it alive and not answering, one after the other. */
interface Failure {
  readonly since: Moment
  readonly looks: number
  readonly reason: string
}

/** Since it last ran steadily. */
interface Ends {
  readonly count: number
  readonly cause: 'crash' | 'unresponsive'
  readonly sinceMs: number
  readonly notBefore: Moment
}

export interface LivenessTimeouts {
  /** One that has answered and does not for so long is ended and started again. */
  readonly unresponsiveMs: number
  /** The same for one that has not answered since it was started: large data take their time to be opened. */
  readonly startMs: number
  /** One that has run for so long is steady: what went before is forgotten. */
  readonly steadyMs: number
}

/** A single look may fall into a moment of load. */
const LOOKS_MIN = 2
const LOOKS_TO_END = 3
/** Ends in a row that make a loop: from then on it is reported while the process runs, too. */
const LOOP = 3

export function afterStart({ ends }: Condition, pid: number): Condition {
  return { pid, ...(ends && { ends }) }
}

/** Seen alive. One that was not started here was found, and had its time to come up. */
export function afterAlive(was: Condition, pid: number, now: Moment): Condition {
  return was.pid === pid ? was : { ...afterStart(was, pid), answered: now }
}

/** `problem`: why it does not do its work; undefined when it does. */
export function afterLook(
  was: Condition,
  look: { readonly pid: number; readonly problem: string | undefined },
  { now, timeouts }: { readonly now: Moment; readonly timeouts: LivenessTimeouts },
): Condition {
  const { failing, ...alive } = afterAlive(was, look.pid, now)
  if (look.problem !== undefined) {
    const since = failing?.since ?? now
    return {
      ...alive,
      failing: { since, looks: (failing?.looks ?? 0) + 1, reason: look.problem },
    }
  }
  const { ends, answered = now, ...rest } = alive
  const steady = now.wallMs - answered.wallMs >= timeouts.steadyMs
  return { ...rest, answered, ...(ends && !steady ? { ends } : {}) }
}

/** It ended by itself, or was ended because it did not answer; `pauseMs` from its second end on. */
export function afterEnd(
  { ends }: Condition,
  cause: Ends['cause'],
  { now, pauseMs }: { readonly now: Moment; readonly pauseMs: (count: number) => number },
): Condition {
  const count = (ends?.count ?? 0) + 1
  const wait = count === 1 ? 0 : pauseMs(count - 1)
  const notBefore = { ms: now.ms + wait, wallMs: now.wallMs + wait }
  return { ends: { count, cause, sinceMs: ends?.sinceMs ?? now.ms, notBefore } }
}

/** Ended on purpose. */
export function afterStop({ ends }: Condition): Condition {
  return ends ? { ends } : {}
}

/** It could not be started, for a reason that only somebody else can change. */
export function afterBlock(was: Condition, reason: string, now: Moment): Condition {
  return { ...was, blocked: { reason, sinceMs: was.blocked?.sinceMs ?? now.ms, asked: now } }
}

/** Whoever keeps keys is not asked more often than this. */
const ASK_EVERY_MS = 2_000

/** How many ms it is to wait before it is started again; either clock may end the wait. */
export function waitMs({ ends, blocked }: Condition, now: Moment): number {
  if (blocked) {
    const { ms, wallMs } = blocked.asked
    const asked = ASK_EVERY_MS - Math.max(now.ms - ms, now.wallMs - wallMs)
    if (asked > 0) return asked
  }
  if (!ends) return 0
  const { notBefore } = ends
  return Math.max(0, Math.min(notBefore.ms - now.ms, notBefore.wallMs - now.wallMs))
}

/** Whether it is to be ended because it does not answer. */
export function isOverdue(
  { failing, answered }: Condition,
  now: Moment,
  it: LivenessTimeouts,
): boolean {
  if (!failing || failing.looks < LOOKS_TO_END) return false
  const timeoutMs = answered ? it.unresponsiveMs : it.startMs
  return now.wallMs - failing.since.wallMs >= timeoutMs
}

/** What is wrong with it, in words that stay the same until something happens; `serving`: whether it does its work now. */
export function problemOf(
  { failing, answered, ends, blocked }: Condition,
  role: string,
  serving: boolean,
): GroupProblem | undefined {
  if (blocked && !serving) {
    const { reason, sinceMs } = blocked
    return { kind: 'refused', reason, sinceMs, persists: false }
  }
  if (ends && (!serving || ends.count >= LOOP)) {
    const { count, cause, sinceMs } = ends
    const times = count === 1 ? 'once' : `${count} times`
    const how = cause === 'crash' ? 'ended by itself' : 'was ended because it did not answer'
    const reason = `the process ${role} ${how}; it had to be started again ${times} since it last ran steadily`
    return { kind: cause, reason, sinceMs, persists: false }
  }
  if (failing && answered && !serving && failing.looks >= LOOKS_MIN) {
    const reason = `the process ${role} is there and does not do its work: ${failing.reason}`
    return { kind: 'unresponsive', reason, sinceMs: failing.since.ms, persists: false }
  }
  return undefined
}

const SOON_MS = 50
const SOON_MS_MAX = 1_000
/** Of the time that it takes already, that much passes until the next look, which costs it and whoever looks. */
const SOON_SHARE = 0.1

/** How soon one that is coming up since then is looked at again. */
export function soonMs(sinceMs: number | undefined, nowMs: number): number {
  const age = sinceMs === undefined ? 0 : nowMs - sinceMs
  return Math.min(SOON_MS_MAX, Math.max(SOON_MS, Math.round(age * SOON_SHARE)))
}
