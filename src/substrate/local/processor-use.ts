/**
 * How much of the cores of its nodes an instance uses: by the kernel's account of its processes, and of what they have started in sessions
 * of their own, over a moment. A process that comes or goes meanwhile counts for nothing.
 */
import { setTimeout as pause } from 'node:timers/promises'
import type { ProcessorUse } from '../../domain/inquiry.ts'
import type { Driver } from './driver.ts'
import { instanceFolder } from './instance.ts'
import { nodesIn, type InstanceNote } from './instance-note.ts'
import { containersOf, HAS_PROC, processorSeconds } from './pid-file.ts'
import { roleProcess } from './role-process.ts'

const MOMENT_MS = 250

/** Undefined where the machine keeps no such account. */
export function processorInquiry(
  { root }: Driver,
  note: InstanceNote,
): (() => Promise<ProcessorUse>) | undefined {
  if (!HAS_PROC) return undefined
  return async () => {
    const pids = pidsOf(root, note)
    const before = new Map(pids.map((pid) => [pid, processorSeconds(pid)]))
    const begunMs = performance.now()
    await pause(MOMENT_MS)
    const used = pids.map((pid) => {
      const [then, now] = [before.get(pid), processorSeconds(pid)]
      return then === undefined || now === undefined ? 0 : Math.max(0, now - then)
    })
    const seconds = (performance.now() - begunMs) / 1000
    const cores = nodesIn(note).reduce((sum, { template }) => sum + (template?.cpu ?? 0), 0)
    const all = used.reduce((sum, each) => sum + each, 0)
    return { cores, usedPercent: cores === 0 ? 0 : (100 * all) / (seconds * cores) }
  }
}

function pidsOf(root: string, note: InstanceNote): readonly number[] {
  const folder = instanceFolder(root, note.id)
  return note.processes.flatMap(({ name }) => {
    const files = folder.files(name)
    const containers = containersOf(files.directory).map(({ pid }) => pid)
    const own = roleProcess(files).pid()
    return own === undefined ? containers : [own, ...containers]
  })
}
