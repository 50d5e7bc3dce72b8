/** How long each phase of some work took, in ms: a phase ends where the next one begins. */
import type { Clock } from '../../../../src/kernel/clock.ts'

export interface Stopwatch<Phase extends string> {
  readonly startMs: number
  /** Ends a phase, which began at the start or at the end of the phase before. */
  end(phase: Phase): void
  /** What a phase took; undefined while it has not ended. */
  phaseMs(phase: Phase): number | undefined
  /** Since the start. */
  totalMs(): number
}

export function stopwatch<Phase extends string>(clock: Pick<Clock, 'now'>): Stopwatch<Phase> {
  const startMs = clock.now()
  const phases = new Map<Phase, number>()
  let lastMs = startMs
  return {
    startMs,
    end(phase) {
      const nowMs = clock.now()
      phases.set(phase, nowMs - lastMs)
      lastMs = nowMs
    },
    phaseMs: (phase) => phases.get(phase),
    totalMs: () => clock.now() - startMs,
  }
}
