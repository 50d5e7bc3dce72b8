/** Processor time that processes have used, which other programs on the machine do not change as they change what a clock says. */
import { readdirSync, readFileSync } from 'node:fs'

/** Linux counts it in hundredths of a second. */
const TICK_MS = 10

interface Used {
  readonly parent: number
  readonly ownMs: number
  /** Of children that have ended. */
  readonly endedMs: number
}

/** Of the processes, and of what they started. */
export function processorMs(pids: readonly number[]): number {
  const all = new Map<number, Used>()
  for (const name of readdirSync('/proc')) {
    const used = /^\d+$/.test(name) ? usedBy(Number(name)) : undefined
    if (used) all.set(Number(name), used)
  }
  const within = (pid: number): number => {
    const used = all.get(pid)
    if (!used) return 0
    const children = [...all].filter(([, { parent }]) => parent === pid)
    return children.reduce((sum, [child]) => sum + within(child), used.ownMs + used.endedMs)
  }
  return pids.reduce((sum, pid) => sum + within(pid), 0)
}

function usedBy(pid: number): Used | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The name of the program may hold anything, and stands in parentheses.
    const fields = text
      .slice(text.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number)
    const [parent = 0, user = 0, system = 0, endedUser = 0, endedSystem = 0] = [
      fields[1],
      ...fields.slice(11, 15),
    ]
    return {
      parent,
      ownMs: (user + system) * TICK_MS,
      endedMs: (endedUser + endedSystem) * TICK_MS,
    }
  } catch {
    return undefined
  }
}
