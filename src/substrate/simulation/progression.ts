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
  /** When the step began. */
  readonly sinceMs: number
  /** How often the cluster was described since. */
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

/** Reads `immediate`, `time:SECONDS` or `manual:LOOKS`. Throws an Error with a sentence for any other text. */
export function progressionOf(text: string): Progression {
  const [mode, amount] = text.split(':')
  const number = Number(amount)
  if (text === 'immediate') return { mode: 'immediate' }
  if (mode === 'time' && amount && number >= 0 && number <= 86_400) return { mode, seconds: number }
  if (mode === 'manual' && Number.isInteger(number) && number >= 1 && number <= 1000)
    return { mode, every: number }
  throw new Error(
    `\`${text}\` is not a pace; write immediate, time:SECONDS (0 to 86400) or manual:LOOKS (1 to 1000)`,
  )
}

/** The text that `progressionOf` reads. */
export function progressionText(pace: Progression): string {
  if (pace.mode === 'time') return `time:${pace.seconds}`
  return pace.mode === 'manual' ? `manual:${pace.every}` : 'immediate'
}
