/**
 * What daemons that do their work said a moment ago: while others of their cluster come up, they are looked at many times a second by several
 * who wait, and each look is a request to a Java that has other things to do.
 */
import type { Probe } from './service.ts'

export interface RecentAnswers {
  /** Of the directory's process as `of` names it; one that does not work, or that may go, is asked each time. */
  of(directory: string, of: string, ask: () => Promise<Probe>): Promise<Probe>
}

const RECENT_MS = 1_000
const ANSWERS_MAX = 1_000

interface Answer {
  readonly of: string
  readonly untilMs: number
  readonly said: Probe
}

export function recentAnswers(now: () => number = () => performance.now()): RecentAnswers {
  const answers = new Map<string, Answer>()
  return {
    async of(directory, of, ask) {
      const known = answers.get(directory)
      if (known?.of === of && now() < known.untilMs) return known.said
      const said = await ask()
      answers.delete(directory)
      if (!said.answering || said.drained === true) return said
      if (answers.size >= ANSWERS_MAX) answers.clear()
      answers.set(directory, { of, untilMs: now() + RECENT_MS, said })
      return said
    },
  }
}
