/** Work of many small parts, which others may have their turns between. */
import { setImmediate as nextTurn } from 'node:timers/promises'

const TURN_MICROS = 5_000

export interface Turn {
  /** Whether the thread has worked long enough since the turn began. */
  isOver(): boolean
  /** Resolves when others had theirs, and begins another one. */
  next(): Promise<void>
}

export function beginTurn(): Turn {
  let begun = process.threadCpuUsage()
  return {
    isOver() {
      const { user, system } = process.threadCpuUsage(begun)
      return user + system >= TURN_MICROS
    },
    async next() {
      await nextTurn()
      begun = process.threadCpuUsage()
    },
  }
}
