/**
 * Takes over what is wanted of an instance: its nodes and addresses, the files of its processes, and which of them have to be
 * started again. Each step is noted before the next one begins, so that another `apply` finds it done or does it again. Processes
 * are ended and started by the passes that follow (converge.ts).
 */
import { isDeepStrictEqual } from 'node:util'
import { canonicalJson } from '../../kernel/json.ts'
import { sha256Hex } from '../../kernel/digest.ts'
import type { Wanted } from '../port.ts'
import { checkAll, servingIt, type Checks, type ProcessCheck } from './check.ts'
import type { Component, Role, RoleHealth } from './component.ts'
import { isSettled } from './daemon-order.ts'
import { drainState } from './drain.ts'
import { roleOf, type Driver } from './driver.ts'
import { instanceFolder, type InstanceFolder } from './instance.ts'
import { newNote, withEntries, withNodes, withProcesses } from './instance-change.ts'
import {
  nodesIn,
  servedBy,
  withProcess,
  type InstanceNode,
  type InstanceNote,
  type Load,
  type ProcessNote,
  type Refusal,
} from './instance-note.ts'
import { holdsFiles, keepFiles, replaceFiles, restoreFiles } from './role-file.ts'
import { roleProcess } from './role-process.ts'
import { withoutLostRuns } from './script-run.ts'
import { loadOf, objectStorageOf, roleWanted } from './sizing.ts'

/** To be called with the instance's lock. Throws for one that is being removed. */
export async function apply(driver: Driver, wanted: Wanted): Promise<void> {
  const component = driver.component(wanted.spec.software.family)
  const folder = instanceFolder(driver.root, wanted.id)
  const was = folder.read() ?? (await newNote(driver, wanted, component))
  if (was.endingMs !== undefined) throw new Error(`${wanted.id} is being removed`)
  adoptAll(driver, was)
  const checks = await checkAll(driver, was)
  const lost = lostNodes(driver, was, { wanted, checks })
  const settled = new Set(
    nodesIn(was).flatMap(({ id }) => (isSettled(servingIt(checks, id)) ? [id] : [])),
  )
  const placed = withoutLostRuns(folder, withNodes(was, wanted, { component, lost, settled }))
  const reachable = await withEntries(placed, wanted, component)
  const planned = await withProcesses(driver, reachable, {
    component,
    spec: wanted.spec,
    known: new Set(was.generation > 0 ? nodesIn(was).map(({ id }) => id) : []),
  })
  const supported = withSupport(driver, planned, { component, wanted })
  const noted = openNote(folder, was)
  noted.save(supported)
  if (supported.running)
    for (const { name } of supported.processes)
      await configure({ driver, component, folder, wanted, noted, check: checks.get(name) }, name)
  noted.save(withGeneration(noted.note, wanted))
}

/** Gives the processes the files that the note stands for by now, so that daemons learn which nodes drain. */
export async function reconfigure(driver: Driver, wanted: Wanted): Promise<void> {
  const folder = instanceFolder(driver.root, wanted.id)
  const note = folder.read()
  if (!note || !note.running || note.endingMs !== undefined) return
  const component = driver.component(note.family)
  const checks = await checkAll(driver, note)
  const noted = openNote(folder, note)
  for (const { name } of note.processes)
    await configure({ driver, component, folder, wanted, noted, check: checks.get(name) }, name)
}

interface OpenNote {
  readonly note: InstanceNote
  /** Written only where it differs. */
  save(next: InstanceNote): void
}

function openNote(folder: InstanceFolder, was: InstanceNote): OpenNote {
  let note = was
  return {
    get note() {
      return note
    },
    save(next) {
      if (!isDeepStrictEqual(next, note)) folder.write(next)
      note = next
    },
  }
}

/** Processes whose starter died before it could record them. */
function adoptAll({ root }: Driver, note: InstanceNote): void {
  const folder = instanceFolder(root, note.id)
  for (const { name, started } of note.processes) {
    const handle = roleProcess(folder.files(name))
    if (started && handle.pid() === undefined) handle.adopt(undefined)
  }
}

/** Nodes that are not wanted and safe to lose: drained, never started, or out of the time that they had for it. */
function lostNodes(
  driver: Driver,
  note: InstanceNote,
  { wanted, checks }: { readonly wanted: Wanted; readonly checks: Checks },
): ReadonlySet<string> {
  const ids = new Set(wanted.spec.groups.flatMap(({ nodes }) => nodes.map(({ id }) => id)))
  const unwanted = nodesIn(note).filter(({ id }) => !ids.has(id))
  if (unwanted.length === 0) return new Set()
  const { drained } = drainState(driver, note, checks)
  const isSafe = ({ id, drainKnown }: InstanceNode) =>
    wanted.graceOver === true ||
    (drainKnown === true && drained) ||
    note.processes.every((process) => !process.started || (process.node ?? id) !== id)
  return new Set(unwanted.filter(isSafe).map(({ id }) => id))
}

/** With what of the spec runs otherwise, and what has no effect. */
function withSupport(
  { clock }: Driver,
  note: InstanceNote,
  { component, wanted }: { readonly component: Component; readonly wanted: Wanted },
): InstanceNote {
  const { unsupported, remark: _before, ...kept } = note
  const remark = component.remark?.(wanted.spec.software)
  const rest = { ...kept, ...(remark === undefined ? {} : { remark }) }
  if (component.configuration || wanted.spec.configuration.length === 0) return rest
  const reason = `settings of a cluster's own have no effect on ${component.family} here`
  const refusal: Refusal = { kind: 'refused', reason, sinceMs: clock.now() }
  return { ...rest, unsupported: unsupported ?? refusal }
}

/** A generation is taken over with everything that it wants and nothing that it does not, or not at all. */
function withGeneration(note: InstanceNote, { spec }: Wanted): InstanceNote {
  const count = spec.groups.reduce((sum, { nodes }) => sum + nodes.length, 0)
  const whole =
    nodesIn(note).length === count &&
    !note.unsupported &&
    note.processes.every(({ refused }) => !refused)
  return whole ? { ...note, generation: spec.generation } : note
}

interface ConfigurationStep {
  readonly driver: Driver
  readonly component: Component
  readonly folder: InstanceFolder
  readonly wanted: Wanted
  readonly noted: OpenNote
  readonly check: ProcessCheck | undefined
}

/** Gives one process its files, and marks it to be started again where that is what it takes. */
async function configure(it: ConfigurationStep, name: string): Promise<void> {
  const { noted } = it
  const process = noted.note.processes.find((each) => each.name === name)
  if (!process || process.stop?.next === 'remove') return
  const role = roleOf(it.component, process.role)
  const outcome = await withFiles(it, process, role)
  const counted = withCounters(it, outcome.process, outcome.restart)
  noted.save(withProcess(noted.note, counted))
}

interface FilesOutcome {
  readonly process: ProcessNote
  /** It reads its files when it is started again. */
  readonly restart: boolean
}

async function withFiles(
  it: ConfigurationStep,
  process: ProcessNote,
  role: Role,
): Promise<FilesOutcome> {
  const { driver, component, folder, wanted, noted } = it
  const { directory } = folder.files(process.name)
  const sizing = { options: driver, component, wanted, note: noted.note }
  const filesOf = (revision: number) =>
    role.files(roleWanted(sizing, process, { revision, directory }))
  const digest = sha256Hex(canonicalJson(filesOf(0)))
  if (process.refused?.digest === digest) return { process, restart: false }
  const { refused: _before, ...was } = process
  const objectStorage = objectStorageOf(wanted, process)
  const load = { ...loadOf(sizing, process), ...(objectStorage && { objectStorage }) }
  const current = filesOf(was.revision)
  const isSame = was.revision > 0 && holdsFiles(directory, current)
  const health = it.check?.health
  if (isSame && (!health || health.revision === was.revision))
    return { process: withLoad(was, { ...load, revision: was.revision }), restart: false }
  const refusal = isSame ? undefined : quotaRefusal(driver, was, { health, load })
  if (refusal) return { process: { ...was, refused: { ...refusal, digest } }, restart: false }
  const revision = isSame ? was.revision : was.revision + 1
  const next = withLoad(was, { ...load, revision })
  replaceFiles(directory, filesOf(revision))
  noted.save(withProcess(noted.note, next))
  if (it.check?.pid === undefined || was.stop) {
    // Whatever starts next reads them.
    keepFiles(directory)
    return { process: next, restart: false }
  }
  const result = await role.update(directory)
  if (typeof result === 'object') {
    restoreFiles(directory)
    const refused = {
      kind: 'refused',
      reason: result.refused,
      sinceMs: driver.clock.now(),
      digest,
    } as const
    return { process: { ...was, refused }, restart: false }
  }
  keepFiles(directory)
  return { process: next, restart: result === 'restart' }
}

/** The load of the newest revision, behind the one that the process may still work with. */
function withLoad(process: ProcessNote, load: Load): ProcessNote {
  const before = process.loads.filter(({ revision }) => revision < load.revision).slice(-1)
  return { ...process, revision: load.revision, loads: [...before, load] }
}

/** Data does not shrink with its quota: a lower one that they exceed would only make every write fail. */
function quotaRefusal(
  { clock }: Driver,
  { loads }: ProcessNote,
  it: { readonly health: RoleHealth | undefined; readonly load: Pick<Load, 'quotaBytes'> },
): Refusal | undefined {
  const { usedBytes = 0 } = it.health ?? {}
  const { quotaBytes } = it.load
  const before = loads.at(-1)?.quotaBytes ?? quotaBytes
  if (quotaBytes >= before || usedBytes <= quotaBytes) return undefined
  const reason = `${usedBytes} bytes are used, and the new size holds ${quotaBytes}`
  return { kind: 'storage', reason, sinceMs: clock.now() }
}

/** A node that it served already and whose counter has grown needs a new process; one that comes or goes does not. */
function withCounters(it: ConfigurationStep, process: ProcessNote, restart: boolean): ProcessNote {
  const nodes = servedBy(it.noted.note, process)
  const counters = Object.fromEntries(
    nodes.map(({ id, template }) => [id, template?.restarts ?? process.restarts[id] ?? 0]),
  )
  if (process.stop) return { ...process, stop: { ...process.stop, restarts: counters } }
  const isGrown = nodes.some(({ id }) => (counters[id] ?? 0) > (process.restarts[id] ?? Infinity))
  if (it.check?.pid === undefined) return { ...process, restarts: counters }
  if (restart || isGrown) {
    const sinceMs = it.driver.clock.now()
    return { ...process, stop: { next: 'start', sinceMs, restarts: counters } }
  }
  const kept = nodes.map(({ id }) => [id, process.restarts[id] ?? counters[id] ?? 0] as const)
  return { ...process, restarts: Object.fromEntries(kept) }
}
