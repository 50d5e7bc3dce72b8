/**
 * Jobs that clients have the services of a cluster run: the client of each is a process in a directory of its own below its instance's,
 * which continues when this server ends. What became of it is said by whoever runs what it has begun, and by how it ended (run-record.ts).
 */
import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Application } from '../../domain/inquiry.ts'
import type { Job } from '../../domain/job-flow.ts'
import type { Jobs, SeenJob } from '../port.ts'
import type { JobPlan } from './component.ts'
import type { Driver } from './driver.ts'
import { instanceFolder, placedIn, type InstanceFolder, type ProcessFiles } from './instance.ts'
import { DIRECTORY_NAME } from './instance-note.ts'
import { roleProcess } from './role-process.ts'
import { exitCodeIn, hasBegun } from './run-record.ts'
import { writeWhole } from './whole-file.ts'

const FOLDER = 'job'

export function jobs(driver: Driver): Jobs {
  return {
    unmet(id, job) {
      const plan = planOf(driver, id, job)
      return typeof plan === 'string' ? plan : undefined
    },
    start: (id, job) => driver.withLock(id, () => start(driver, id, job)),
    observe: (id, job) => observe(driver, id, job),
  }
}

/** Of a cluster that runs; else why it cannot be. */
function planOf({ root, component }: Driver, id: string, job: Job): JobPlan | string {
  const folder = instanceFolder(root, id)
  const note = folder.read()
  if (!note?.running || note.endingMs !== undefined) return 'its cluster does not run'
  const plan = component(note.family).job?.(placedIn(folder, note), job)
  return plan ?? `${note.family} takes no jobs here`
}

function filesOf(folder: InstanceFolder, id: string): ProcessFiles {
  if (!DIRECTORY_NAME.test(id)) throw new Error(`${id} cannot be the name of a directory`)
  return folder.files(join(FOLDER, id))
}

async function start(driver: Driver, id: string, job: Job): Promise<void> {
  const folder = instanceFolder(driver.root, id)
  const plan = planOf(driver, id, job)
  if (typeof plan === 'string') throw new Error(`${job.command} cannot be run in ${id}: ${plan}`)
  const files = filesOf(folder, job.id)
  const { directory } = files
  const process = roleProcess(files)
  if (hasBegun(directory) || !process.isGone()) return
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  for (const [name, text] of Object.entries(plan.files)) writeWhole(join(directory, name), text)
  await process.start(plan.command)
}

async function observe(driver: Driver, id: string, job: Job): Promise<SeenJob | undefined> {
  const files = filesOf(instanceFolder(driver.root, id), job.id)
  const process = roleProcess(files)
  // Only one whose shell has ended needs a look through all processes.
  const isRunning = process.pid() !== undefined || !process.isGone()
  // Read after the look at the process, which writes it before it ends.
  const code = exitCodeIn(files.directory)
  if (!isRunning && !hasBegun(files.directory)) return undefined
  const plan = planOf(driver, id, job)
  if (typeof plan === 'string') return { phase: 'failed' }
  const asked = plan.applications()
  // Of one that continues, the next look says more.
  const all = isRunning ? await asked.catch(() => []) : await asked
  const last = all.toSorted((one, other) => one.startedMs - other.startedMs).at(-1)
  const application = last ? { application: last.id } : {}
  return { phase: phaseOf({ isRunning, code, last }), ...application }
}

/** What its client printed, as its log is named. */
const role = (job: string) => `${FOLDER}-${job}`

export function jobLogs({ path }: InstanceFolder): readonly string[] {
  return jobIds(path).map(role)
}

/** Where that of this name lies; undefined for another one. */
export function jobLog(folder: InstanceFolder, name: string | undefined): string | undefined {
  const id = jobIds(folder.path).find((each) => role(each) === name)
  return id === undefined ? undefined : filesOf(folder, id).startLog
}

/** A client that was killed may have begun what succeeds without it. */
function phaseOf(it: {
  readonly isRunning: boolean
  readonly code: number | undefined
  readonly last: Application | undefined
}): SeenJob['phase'] {
  const { isRunning, code, last } = it
  if (isRunning && code === undefined) return 'running'
  if (last && last.finishedMs === undefined) return 'running'
  const hasSucceeded = last ? last.finalState === 'SUCCEEDED' : code === 0
  return hasSucceeded && (code ?? 0) === 0 ? 'done' : 'failed'
}

/** The clients of all jobs of an instance that goes. */
export function endJobs(folder: InstanceFolder): void {
  for (const id of jobIds(folder.path)) roleProcess(filesOf(folder, id)).signal('SIGKILL')
}

function jobIds(instance: string): readonly string[] {
  const path = join(instance, FOLDER)
  if (!existsSync(path)) return []
  const found = readdirSync(path, { withFileTypes: true }).filter((entry) => entry.isDirectory())
  return found.map(({ name }) => name)
}
