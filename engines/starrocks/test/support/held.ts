/** How long the thread that all sessions share works for one statement without turning to another. */
import assert from 'node:assert/strict'
import { ordinaryMs } from '../../../../test/support/process/machine-speed.ts'

const HELD_MS = 50
/** The compiler and the collector of garbage work on some runs and not on others. */
const TRIES = 6

/** Processor time of this thread, which a loaded machine does not lengthen, from one turn to the next. */
async function longestTurn(work: () => Promise<unknown>): Promise<number> {
  let longest = 0
  let before = process.threadCpuUsage()
  const watch = setInterval(() => {
    const { user, system } = process.threadCpuUsage(before)
    longest = Math.max(longest, (user + system) / 1000)
    before = process.threadCpuUsage()
  }, 1)
  try {
    await work()
    await new Promise((resolve) => setTimeout(resolve, 5))
  } finally {
    clearInterval(watch)
  }
  return longest
}

/** One text, or one for each try of what can be done once only. */
export async function heldBriefly(
  client: { run(sql: string): Promise<unknown> },
  sql: string | ((run: number) => string),
): Promise<void> {
  const turns: number[] = []
  for (let run = 0; run < TRIES; run += 1) {
    const text = typeof sql === 'string' ? sql : sql(run)
    turns.push(ordinaryMs(await longestTurn(() => client.run(text))))
    if (Math.min(...turns) < HELD_MS) return
  }
  assert.fail(`others waited for ${turns.map(Math.round).join(', ')} ms`)
}
