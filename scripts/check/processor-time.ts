/** What this process has computed so far, and the processes that it started and that have ended. */
import { existsSync, readFileSync } from 'node:fs'

/** Linux tells of ended children, Node does not; elsewhere they are not counted. */
const STATUS = '/proc/self/stat'
/** Of `cutime` and `cstime` among what stands after the name, which may have blanks in it (proc_pid_stat(5)). */
const CHILDREN = [13, 14]
/** Its unit, on every system that Node runs on. */
const TICK_MS = 10

export function processorMs(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000 + endedChildrenMs()
}

function endedChildrenMs(): number {
  if (!existsSync(STATUS)) return 0
  const text = readFileSync(STATUS, 'utf8')
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  return CHILDREN.reduce((sum, at) => sum + Number(fields[at]) * TICK_MS, 0)
}
