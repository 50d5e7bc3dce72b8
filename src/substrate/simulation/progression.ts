/**
 * How fast simulated clusters move: at once, by time, or by being looked at.
 *
 * - `immediate`: the next look finds the step done.
 * - `time`: each step takes that many seconds of service time.
 * - `manual`: a step is done once the cluster has been described `every` times.
 */
export type Progression =
  | { readonly mode: 'immediate' }
  | { readonly mode: 'time'; readonly seconds: number }
  | { readonly mode: 'manual'; readonly every: number }

/** Settings by engine family; `default` serves the rest. */
export type Progressions = Readonly<Record<string, Progression>> & { readonly default: Progression }

export interface StepClock {
  readonly sinceMs: number
  readonly looks: number
}

/** Whether a step that began at `step.sinceMs` and was looked at `step.looks` times is done. */
export function isDone(progression: Progression, step: StepClock, nowMs: number): boolean {
  if (progression.mode === 'immediate') return true
  if (progression.mode === 'time') return nowMs - step.sinceMs >= progression.seconds * 1000
  return step.looks >= progression.every
}

/** Milliseconds until the step is done by time alone; undefined when it waits for looks. */
export function doneInMs(
  progression: Progression,
  step: StepClock,
  nowMs: number,
): number | undefined {
  if (progression.mode === 'manual') return undefined
  if (progression.mode === 'immediate') return 0
  return Math.max(0, step.sinceMs + progression.seconds * 1000 - nowMs)
}
