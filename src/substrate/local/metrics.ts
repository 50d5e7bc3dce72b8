/** The figures of all instances' processes, asked side by side; one that hangs holds up neither the others nor the answer. */
import { setTimeout as pause } from 'node:timers/promises'
import { roleOf, type Driver } from './driver.ts'
import { instanceFolder, instancesIn } from './instance.ts'
import type { InstanceNote, ProcessNote } from './instance-note.ts'
import { processorSeconds, residentBytes } from './pid-file.ts'
import { roleProcess } from './role-process.ts'

/** A process that is asked for its figures answers in milliseconds. */
const METRICS_MS = 2_500

export async function metrics(driver: Driver): Promise<ReadonlyMap<string, string>> {
  const all = instancesIn(driver.root).map(async (note): Promise<[string, string]> => {
    const texts = await Promise.all(
      note.processes.map((process) => figuresOf(driver, note, process)),
    )
    return [note.id, joined(texts)]
  })
  return new Map(await Promise.all(all))
}

async function figuresOf(
  driver: Driver,
  note: InstanceNote,
  process: ProcessNote,
): Promise<string> {
  const files = instanceFolder(driver.root, note.id).files(process.name)
  const answer = roleOf(driver.component(note.family), process.role).metrics(files.directory)
  const own = await Promise.race([answer, pause(METRICS_MS, '', { ref: false })])
  const text = own.includes('\nprocess_cpu_seconds_total') ? own : own + processUse(files)
  return note.processes.length === 1 ? text : labelled(text, process)
}

/** By the kernel's account, of those that do not say it themselves. */
function processUse(files: Parameters<typeof roleProcess>[0]): string {
  const pid = roleProcess(files).pid()
  const [seconds, bytes] = pid === undefined ? [] : [processorSeconds(pid), residentBytes(pid)]
  if (seconds === undefined || bytes === undefined) return ''
  return [
    '# HELP process_cpu_seconds_total User and system time of the process',
    '# TYPE process_cpu_seconds_total counter',
    `process_cpu_seconds_total ${seconds}`,
    '# HELP process_resident_memory_bytes Resident memory of the process',
    '# TYPE process_resident_memory_bytes gauge',
    `process_resident_memory_bytes ${bytes}\n`,
  ].join('\n')
}

/** Several processes have figures of the same names. */
function labelled(text: string, { role, node }: ProcessNote): string {
  const labels = node === undefined ? `role="${role}"` : `role="${role}",node="${node}"`
  return text.replaceAll(
    /^([A-Za-z_:][\w:]*)(?:\{(.*)\})? /gm,
    (_line, name: string, own?: string) => `${name}{${own ? `${own},` : ''}${labels}} `,
  )
}

/** Each name is explained once. */
function joined(texts: readonly string[]): string {
  const explained = new Set<string>()
  return texts
    .flatMap((text) => text.split('\n'))
    .filter((line) => {
      if (line === '' || (line.startsWith('#') && explained.has(line))) return false
      if (line.startsWith('#')) explained.add(line)
      return true
    })
    .map((line) => `${line}\n`)
    .join('')
}
