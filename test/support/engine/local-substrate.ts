/** The local substrate in a directory of the test's own, with the tests' own component; every process that it starts ends with the test. */
import { readdirSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import type { TestContext } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { systemClock, type MovableClock } from '../../../src/kernel/clock.ts'
import { silentLogger } from '../../../src/kernel/log.ts'
import { random } from '../../../src/kernel/random.ts'
import type { Component } from '../../../src/substrate/local/component.ts'
import type { LocalOptions } from '../../../src/substrate/local/driver.ts'
import {
  directoriesIn,
  instanceFolder,
  type ProcessFiles,
} from '../../../src/substrate/local/instance.ts'
import {
  nodesIn,
  runName,
  servedBy,
  type InstanceNote,
  type ProcessNote,
} from '../../../src/substrate/local/instance-note.ts'
import { local } from '../../../src/substrate/local/local.ts'
import {
  isAlive,
  readPidFile,
  signalGroup,
  startedFor,
} from '../../../src/substrate/local/pid-file.ts'
import type { Seen, Substrate, Wanted } from '../../../src/substrate/port.ts'
import { isReached, type Subject } from '../../substrate/subject.ts'
import { cleanUp } from '../process/clean-up.ts'
import { temporaryDirectory } from '../process/directory.ts'

export interface LocalDirectory {
  readonly root: string
  readonly clock: MovableClock
  open(more?: Partial<LocalOptions>): Substrate
  /** Throws when there is no such instance. */
  note(id: string): InstanceNote
  /** The files of a process: of the node's own one, or of the first. */
  files(id: string, node?: string): ProcessFiles
  /** The id of that process; 0 when it is not there. */
  pid(id: string, node?: string): number
}

export function localDirectory(t: TestContext, component: Component): LocalDirectory {
  const opened: Substrate[] = []
  const root = temporaryDirectory(t)
  cleanUp(t, async () => {
    for (const each of opened) await each.close()
    for (const id of directoriesIn(root)) endProcesses(root, id)
  })
  const clock = systemClock()
  const note = (id: string) => {
    const found = instanceFolder(root, id).read()
    if (!found) throw new Error(`there is no instance ${id}`)
    return found
  }
  const files = (id: string, node?: string) => {
    const process = note(id).processes.find((each) => node === undefined || each.node === node)
    if (!process) throw new Error(`${id} has no process for ${node}`)
    return instanceFolder(root, id).files(process.name)
  }
  return {
    root,
    clock,
    note,
    files,
    pid: (id, node) => pidOf(files(id, node)),
    open(more = {}) {
      const share = { threads: 0.125, memoryMib: 64 }
      const options = { root, components: [component], clock, log: silentLogger(), share }
      const it = local({ ...options, random: random('s'), ...more })
      opened.push(it)
      return it
    },
  }
}

function pidOf({ pidFile }: ProcessFiles): number {
  const record = readPidFile(pidFile)
  return record && isAlive(record) ? record.pid : 0
}

function endProcesses(root: string, id: string): void {
  const folder = instanceFolder(root, id)
  const { processes = [], runs = [] } = folder.read() ?? {}
  for (const name of [...processes.map((each) => each.name), ...runs.map(runName)])
    for (const record of startedFor(folder.files(name).directory)) signalGroup(record, 'SIGKILL')
}

interface SubjectOptions {
  readonly more?: Partial<LocalOptions>
  /** Of each node only the process of this role is looked at. */
  readonly role?: string
}

/** The directory as the conformance suite looks at it. */
export function localSubject(
  { root, open }: LocalDirectory,
  { more = {}, role }: SubjectOptions = {},
): Subject {
  let substrate = open(more)
  return {
    get substrate() {
      return substrate
    },
    // Real processes need real time; the substrate says how little.
    wait: (seen) => pause(Math.min(seen.changesInMs ?? 20, 50)),
    writes: () => writtenIn(root),
    processes: (id) => processesOf(root, id, role),
    nodesLeft: (id) => nodesLeft(root, id),
    async reopen() {
      await substrate.close()
      substrate = open(more)
    },
  }
}

/** What the processes write themselves is no write of the substrate's. */
const OWN_FILES = /\/(control|echo\.log|begun|ready|exit)$/

/** Files are replaced, never written over: another number, another time, another write. */
function writtenIn(root: string): string {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !OWN_FILES.test(path))
    .map((path) => ({ path, found: statSync(path, { bigint: true, throwIfNoEntry: false }) }))
    .filter(({ found }) => found?.isFile())
    .map(({ path, found }) => `${relative(root, path)} ${found?.ino} ${found?.mtimeNs}`)
    .sort()
    .join('\n')
}

function processesOf(root: string, id: string, role?: string): ReadonlyMap<string, string> {
  const folder = instanceFolder(root, id)
  const note = folder.read()
  if (!note) return new Map()
  const served = (process: ProcessNote) => servedBy(note, process).map((node) => node.id)
  return new Map(
    note.processes.flatMap((process) => {
      if (process.role !== (role ?? process.role)) return []
      const pid = pidOf(folder.files(process.name))
      return pid === 0 ? [] : served(process).map((node) => [node, String(pid)] as const)
    }),
  )
}

function nodesLeft(root: string, id: string): readonly string[] {
  const folder = instanceFolder(root, id)
  if (!folder.exists()) return []
  const note = folder.read()
  const roles = (note?.processes ?? []).filter(({ node }) => node !== undefined)
  const directories = [...new Set(roles.map(({ role }) => join(folder.path, role)))]
    .flatMap((path) => readdirSync(path, { withFileTypes: true }))
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
  return [...new Set([...directories, ...(note ? nodesIn(note) : []).map((node) => node.id)])]
}

/** A loaded machine may take long to start a process, and minutes for a few that are Java. */
const LOOKS_MAX = 12_000
const LOOK_MS = 20

/** Applies it, and waits until it answers. */
export async function ready(substrate: Substrate, it: Wanted): Promise<Seen> {
  await substrate.apply(it)
  return untilSeen(substrate, it.id, (seen) => isReached(seen, it))
}

export async function untilSeen(
  substrate: Substrate,
  id: string,
  done: (seen: Seen) => boolean,
): Promise<Seen> {
  for (let look = 0; ; look++) {
    const seen = await substrate.observe(id)
    if (done(seen)) return seen
    if (look === LOOKS_MAX) throw new Error(`it never came about: ${JSON.stringify(seen)}`)
    await pause(LOOK_MS)
  }
}

export async function removedFrom(substrate: Substrate, id: string): Promise<void> {
  await substrate.remove(id)
  await untilSeen(substrate, id, ({ present }) => !present)
}
