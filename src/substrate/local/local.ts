/**
 * The local substrate: the processes of engines on this machine, without containers. They outlive this server; a new one finds them
 * by their directories, adopts those that run, starts again those that died, and writes nothing where nothing changed.
 */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { UnmetRequirement, Prospect } from '../../domain/cluster/capability.ts'
import type { DirectoryContent } from '../../domain/directory-content.ts'
import type { Inquiries } from '../../domain/inquiry.ts'
import type { Script } from '../../domain/script.ts'
import type { LogSource } from '../../domain/log-delivery.ts'
import type { Capabilities, LogPart, LogQuery, Substrate, Wanted } from '../port.ts'
import { apply, reconfigure } from './apply.ts'
import type { Component } from './component.ts'
import { drain, noteDrainKnown } from './drain.ts'
import { driverOf, roleOf, type Driver, type LocalOptions } from './driver.ts'
import {
  clearAway,
  directoriesIn,
  instanceFolder,
  instancesIn,
  placedIn,
  type InstanceFolder,
} from './instance.ts'
import { runName, runRole, type InstanceNote } from './instance-note.ts'
import { endJobs, jobLog, jobLogs, jobs } from './job.ts'
import { keyedMutex } from '../../kernel/keyed-mutex.ts'
import { readLog } from './log-reader.ts'
import { unmetMemory } from './memory.ts'
import { metrics } from './metrics.ts'
import { processorInquiry } from './processor-use.ts'
import { observe } from './observe.ts'
import { convergenceLoop } from './convergence-loop.ts'
import { dueNodes, runProcesses, runScript } from './script-run.ts'
import { roleProcess, type RoleProcess } from './role-process.ts'
import { snapshotRoleOf, snapshotRoot, snapshots } from './snapshot.ts'
import { supervisor } from './supervisor.ts'

/** How long processes may take to end with the server, which itself has less than 5 s; then they are killed. */
const END_TOGETHER_MS = 2_500
const END_LOOK_MS = 20

export function local(options: LocalOptions): Substrate {
  const { root } = options
  const { withLock, settled } = keyedMutex()
  const closed = new AbortController()
  const driver = driverOf(options, { withLock, closing: closed.signal })
  const { enqueue, close } = convergenceLoop(driver)
  const { start, stop } = supervisor(driver, enqueue)
  clearAway(root)
  clearAway(snapshotRoot(root))
  const change = async (id: string, work: () => Promise<void>): Promise<void> => {
    await withLock(id, work)
    enqueue(id)
  }
  return {
    name: 'local',
    ofThisMachine: true,
    capabilities: (family) => capabilitiesOf(options, family),
    unmet: (prospect) => unmetRequirement(driver, prospect),
    observe: (id) => observe(driver, id),
    apply: (wanted) => change(wanted.id, () => apply(driver, wanted)),
    drain: (wanted, nodes) =>
      change(wanted.id, async () => {
        await drain(driver, wanted, nodes)
        await reconfigure(driver, wanted)
        noteDrainKnown(driver, wanted)
      }),
    remove: (id) => change(id, () => remove(driver, id)),
    ...(options.scripts && {
      async run(wanted: Wanted, script: Script, nodes: readonly string[]) {
        if (dueNodes(driver, wanted, { script, nodes }).length === 0) return
        // It may take its time: nobody waits for it with the lock.
        const found = await options.scripts?.(wanted, script)
        if (found)
          await change(wanted.id, () => runScript(driver, wanted, { script, nodes, found }))
      },
    }),
    supervise: start,
    snapshots: snapshots(driver),
    metrics: () => metrics(driver),
    logs: (id, query) => logs(driver, id, query),
    inquiries: (id) => inquiries(driver, id),
    logSources: (id) => logSources(driver, id),
    jobs: jobs(driver),
    directories: { ensure: (wanted, content) => ensureDirectory(driver, wanted, content) },
    async clear() {
      const cleared = directoriesIn(root).map((id) => withLock(id, () => clear(driver, id)))
      await Promise.all(cleared)
      rmSync(snapshotRoot(root), { recursive: true, force: true })
    },
    async close() {
      stop()
      close()
      closed.abort()
      await settled()
      await driver.seeds.settled()
      if (options.keepRunning === false) await endAll(driver)
    },
  }
}

/** What the component of the family can; all of them where there is none, or none is meant. */
function capabilitiesOf(
  { components: all, dataKey, objectStorageKey, scripts }: LocalOptions,
  family: string | undefined,
): Capabilities {
  const own = all.filter((each) => each.family === family)
  const components = own.length > 0 ? own : all
  return {
    families: all.map((each) => each.family),
    encryption: dataKey !== undefined && ability(components, 'unmetEncryption'),
    objectStorage: objectStorageKey !== undefined && ability(components, 'unmetObjectStorage'),
    publicAddress: false,
    scripts: scripts
      ? true
      : { lacks: "clients' scripts run on this machine with the setting `local.client-code`" },
    chosenNodes: true,
    nodeSizes: components.every(({ nodeSizes }) => nodeSizes),
    configuration: components.every(({ configuration }) => configuration),
    daemons: components.every(({ daemons }) => daemons === true),
    snapshots: components.every((each) => snapshotRoleOf(each) !== undefined),
    access: (components[0]?.access ?? []).filter((aspect) =>
      components.every(({ access }) => access.includes(aspect)),
    ),
    rollout: components.every(({ rollout }) => rollout === 'node') ? 'node' : 'cluster',
  }
}

/** What its component lacks, and then memory. */
function unmetRequirement(driver: Driver, prospect: Prospect): UnmetRequirement | undefined {
  const { family } = prospect.spec.software
  const component = driver.components.find((each) => each.family === family)
  const copies = (role: string) => driver.data.copiesOf(prospect.id, role)
  return component?.unmet?.(prospect, copies) ?? unmetMemory(driver, prospect)
}

function ability(
  components: readonly Component[],
  unmet: 'unmetEncryption' | 'unmetObjectStorage',
): boolean | { readonly lacks: string } {
  if (!components.every((each) => each[unmet])) return false
  const [lacks] = components.flatMap((each) => each[unmet]?.() ?? [])
  return lacks === undefined ? true : { lacks }
}

/** Notes that it shall end; the passes that follow take it down. */
async function remove({ root, clock }: Driver, id: string): Promise<void> {
  const folder = instanceFolder(root, id)
  const note = folder.read()
  if (note?.endingMs !== undefined) return
  if (note) folder.write({ ...note, endingMs: clock.now() })
  else if (folder.exists()) folder.remove()
}

/** Of what runs: a stopped cluster answers nothing. */
function inquiries(driver: Driver, id: string): Inquiries {
  const folder = instanceFolder(driver.root, id)
  const note = folder.read()
  if (!note?.running || note.endingMs !== undefined) return {}
  const processors = processorInquiry(driver, note)
  const own = driver.component(note.family).inquiries?.(placedIn(folder, note))
  return { ...own, ...(processors && { processors }) }
}

/** One that does not run keeps what it had, and follows when it does. */
async function ensureDirectory(
  driver: Driver,
  { id, reveal }: Pick<Wanted, 'id' | 'reveal'>,
  content: DirectoryContent,
): Promise<boolean> {
  const folder = instanceFolder(driver.root, id)
  const note = folder.read()
  if (!note?.running || note.endingMs !== undefined) throw new Error(`${id} does not run`)
  const component = driver.component(note.family)
  return (await component.directory?.(placedIn(folder, note), { content, reveal })) ?? false
}

/** Of the role that is meant, or of the first process: the one that the others wait for. */
function logs(driver: Driver, id: string, query: LogQuery): LogPart | undefined {
  const folder = instanceFolder(driver.root, id)
  const note = folder.read()
  const { role, node } = query
  const run = note?.runs?.find(
    (each) => runRole(each.script) === role && (node ?? each.node) === each.node,
  )
  if (run) return readLog(folder.files(runName(run)).startLog, query)
  const ofJob = note && jobLog(folder, role)
  if (ofJob !== undefined) return readLog(ofJob, query)
  const process = note?.processes.find(
    (each) => (role ?? each.role) === each.role && (node ?? each.node) === each.node,
  )
  if (!note || !process) return undefined
  const { logFile } = roleOf(driver.component(note.family), process.role)
  return readLog(join(folder.files(process.name).directory, logFile), query)
}

function logSources({ root }: Driver, id: string): readonly LogSource[] {
  const folder = instanceFolder(root, id)
  const { processes = [], runs = [] } = folder.read() ?? {}
  return [
    ...jobLogs(folder).map((role) => ({ role })),
    ...processes.map(({ role, node }) => ({ role, ...(node === undefined ? {} : { node }) })),
    ...runs.map(({ script, node }) => ({ role: runRole(script), node })),
  ]
}

async function clear({ root, conditions, seeds }: Driver, id: string): Promise<void> {
  seeds.forget(id)
  const folder = instanceFolder(root, id)
  if (!folder.exists()) return
  const note = folder.read()
  endJobs(folder)
  await ended(note ? handlesOf(folder, note) : [], 'SIGKILL')
  folder.remove()
  conditions.forget(id)
}

/** Of all that was started for it. */
function handlesOf(folder: InstanceFolder, note: InstanceNote): readonly RoleProcess[] {
  const own = note.processes.map(({ name }) => roleProcess(folder.files(name)))
  return [...own, ...runProcesses(folder, note)]
}

/** Their data stays, and the next server starts them again. */
async function endAll({ root, log }: Driver): Promise<void> {
  const running = instancesIn(root)
    .flatMap((note) => handlesOf(instanceFolder(root, note.id), note))
    .filter((process) => !process.isGone())
  if (await ended(running, 'SIGTERM')) return
  log.warn({}, 'engines that did not end in time are killed; nothing that was acknowledged is lost')
  await ended(running, 'SIGKILL')
}

/** Whether all of them have ended by the time. */
async function ended(all: readonly RoleProcess[], signal: 'SIGTERM' | 'SIGKILL'): Promise<boolean> {
  for (const process of all) process.signal(signal)
  for (let waitedMs = 0; waitedMs < END_TOGETHER_MS; waitedMs += END_LOOK_MS) {
    if (all.every((process) => process.isGone())) return true
    await pause(END_LOOK_MS)
  }
  return all.every((process) => process.isGone())
}
