/**
 * When load lets a strategy act: each condition gathers a figure over windows of time, one after the other, and is met once so many
 * windows in a row were. Where nobody could be asked for as long as two windows, nothing is known: counting starts over. Pure.
 */
import type { QueueLoad } from './inquiry.ts'

export interface LoadTrigger {
  readonly match: 'all' | 'any'
  /** Only then load counts; always without. */
  readonly hours?: LoadHours
  readonly conditions: readonly LoadCondition[]
}

/** From one moment on, on each day between two times of it, both included. */
export interface LoadHours {
  readonly fromMs: number
  /** Since the day's beginning. */
  readonly dayFromMs: number
  readonly dayToMs: number
  /** Of the time zone that the day is of. */
  readonly offsetMs: number
}

export interface LoadCondition {
  readonly figure: LoadFigure
  /** With those that it is in: `root.default`. */
  readonly queue: string
  readonly periodMs: number
  /** So many windows in a row have to meet it. */
  readonly times: number
  readonly gather: 'greatest' | 'least' | 'average'
  /** All of them have to hold. */
  readonly comparisons: readonly LoadComparison[]
}

export interface LoadComparison {
  readonly compare: '>' | '<' | '>=' | '<='
  readonly threshold: number
}

export type LoadFigure = keyof typeof figures

/** What a condition has seen of the window that is open, and how many before it were met. */
export interface LoadWindow {
  readonly sinceMs: number
  readonly lastMs: number
  readonly count: number
  readonly sum: number
  readonly greatest: number
  readonly least: number
  readonly met: number
}

/** By queue; those that there are not are left out. */
export type LoadSample = ReadonlyMap<string, QueueLoad>

const figures = {
  availableMemoryMib: ({ memoryMib }) => memoryMib.available,
  allocatedMemoryMib: ({ memoryMib }) => memoryMib.allocated,
  pendingMemoryMib: ({ memoryMib }) => memoryMib.pending,
  reservedMemoryMib: ({ memoryMib }) => memoryMib.reserved,
  availableCores: ({ cores }) => cores.available,
  allocatedCores: ({ cores }) => cores.allocated,
  pendingCores: ({ cores }) => cores.pending,
  reservedCores: ({ cores }) => cores.reserved,
  allocatedContainers: ({ containers }) => containers.allocated,
  pendingContainers: ({ containers }) => containers.pending,
  runningApplications: ({ applications }) => applications.running,
  pendingApplications: ({ applications }) => applications.pending,
  submittedApplications: ({ applications }) => applications.submitted,
  completedApplications: ({ applications }) => applications.completed,
  failedApplications: ({ applications }) => applications.failed,
  killedApplications: ({ applications }) => applications.killed,
  availableMemoryPercent: ({ memoryMib }) => availablePercent(memoryMib),
  availableCoresPercent: ({ cores }) => availablePercent(cores),
  pendingContainersRatio: ({ containers: { pending, allocated } }) =>
    pending / Math.max(1, allocated),
} as const satisfies Readonly<Record<string, (load: QueueLoad) => number>>

/** Of nothing, nothing is available. */
function availablePercent({ available, allocated, reserved }: QueueLoad['memoryMib']): number {
  const total = available + allocated + reserved
  return total === 0 ? 0 : (100 * available) / total
}

const DAY_MS = 86_400_000

/** Whether load counts at that time. */
export function isWithin(hours: LoadHours | undefined, nowMs: number): boolean {
  if (!hours) return true
  const ofDayMs = (nowMs + hours.offsetMs) % DAY_MS
  return nowMs >= hours.fromMs && ofDayMs >= hours.dayFromMs && ofDayMs <= hours.dayToMs
}

/** How many looks there are in a window. */
const LOOKS = 6

export const queuesOf = ({ conditions }: LoadTrigger): readonly string[] => [
  ...new Set(conditions.map(({ queue }) => queue)),
]

/** How long after one look the next is due. */
export function evaluationIntervalMs({ conditions }: LoadTrigger): number {
  return Math.min(...conditions.map(({ periodMs }) => periodMs)) / LOOKS
}

/** The windows once this was seen, one for each condition; null where there was no such queue. */
export function withSample(
  { conditions }: LoadTrigger,
  windows: readonly (LoadWindow | null)[] | undefined,
  seen: { readonly sample: LoadSample; readonly nowMs: number },
): readonly (LoadWindow | null)[] {
  return conditions.map((condition, at) => {
    const load = seen.sample.get(condition.queue)
    if (!load) return null
    const value = figures[condition.figure](load)
    return moved(condition, windows?.[at] ?? undefined, { value, nowMs: seen.nowMs })
  })
}

export function isTriggered(
  { match, conditions }: LoadTrigger,
  windows: readonly (LoadWindow | null)[],
): boolean {
  const isMet = ({ times }: LoadCondition, at: number) => (windows[at]?.met ?? 0) >= times
  return match === 'all' ? conditions.every(isMet) : conditions.some(isMet)
}

function moved(
  condition: LoadCondition,
  was: LoadWindow | undefined,
  { value, nowMs }: { readonly value: number; readonly nowMs: number },
): LoadWindow {
  const { periodMs } = condition
  if (!was || nowMs - was.lastMs >= 2 * periodMs) return opened(value, nowMs, 0)
  const grown: LoadWindow = {
    sinceMs: was.sinceMs,
    lastMs: nowMs,
    count: was.count + 1,
    sum: was.sum + value,
    greatest: Math.max(was.greatest, value),
    least: Math.min(was.least, value),
    met: was.met,
  }
  if (nowMs - was.sinceMs < periodMs) return grown
  return opened(value, nowMs, holds(condition, grown) ? was.met + 1 : 0)
}

function opened(value: number, nowMs: number, met: number): LoadWindow {
  const once = { count: 1, sum: value, greatest: value, least: value }
  return { sinceMs: nowMs, lastMs: nowMs, ...once, met }
}

function holds({ gather, comparisons }: LoadCondition, window: LoadWindow): boolean {
  const value = gather === 'average' ? window.sum / window.count : window[gather]
  return comparisons.every(({ compare, threshold }) => compares[compare](value, threshold))
}

const compares: Readonly<Record<LoadComparison['compare'], (a: number, b: number) => boolean>> = {
  '>': (a, b) => a > b,
  '<': (a, b) => a < b,
  '>=': (a, b) => a >= b,
  '<=': (a, b) => a <= b,
}
