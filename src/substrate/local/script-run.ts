/**
 * Scripts of clients on the nodes of an instance: each at most once on a node. A run has a directory as a process has, and its node a
 * home that all its scripts are run in. What became of a run is in its directory alone: the shell that runs the script marks that it has
 * begun, and at its end the exit code, so that any driver knows which ran.
 */
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { nodesIn, runName, type InstanceNote, type RunNote } from './instance-note.ts'
import type { Script } from '../../domain/script.ts'
import type { SeenRun, Wanted } from '../port.ts'
import type { Driver } from './driver.ts'
import { instanceFolder, type InstanceFolder } from './instance.ts'
import { roleProcess, type RoleProcess } from './role-process.ts'
import { BEGUN, EXIT, exitCodeIn, hasBegun, recordExit } from './run-record.ts'
import { writeWhole } from './whole-file.ts'

/** A script's text, or why it will never be had. Rejects where that may be another time. */
export type ScriptSource = (
  wanted: Pick<Wanted, 'id' | 'reveal'>,
  script: Script,
) => Promise<ScriptText>

export type ScriptText = { readonly text: Uint8Array } | { readonly refused: string }

const PROGRAM = 'script'
/** As a shell has it for a program that it does not find. */
const NOT_FOUND = 127
/** As a shell has it for one that was killed: nobody wrote down how it ended. */
const KILLED = 137
const OUTPUT_BYTES = 10 * 1024 * 1024

/** What a script prints beyond the bound is thrown away: it would fill the disk of everybody here. */
const SHELL = `: >${BEGUN} || exit 1
own=$PWD
cd "$HOME" || exit 1
{
  "$own/${PROGRAM}" "$@" </dev/null
  ${recordExit('$own/')}
} 2>&1 | {
  head -c ${OUTPUT_BYTES}
  cat >/dev/null
}`

interface Request {
  readonly script: Script
  readonly nodes: readonly string[]
}

/** Those of the nodes that the script has not begun on. Throws for one that is not there. */
export function dueNodes(
  { root }: Driver,
  { id }: Pick<Wanted, 'id'>,
  { script, nodes }: Request,
): readonly string[] {
  const folder = instanceFolder(root, id)
  const note = folder.read()
  if (!note || note.endingMs !== undefined) throw new Error(`a script cannot run on ${id} now`)
  const there = new Set(nodesIn(note).map((node) => node.id))
  const lost = nodes.find((node) => !there.has(node))
  if (lost !== undefined) throw new Error(`a script cannot run on ${lost}, which is not there`)
  return nodes.filter((node) => phaseOf(folder, { script: script.id, node }) === undefined)
}

/** To be called with the instance's lock. */
export async function runScript(
  driver: Driver,
  wanted: Wanted,
  it: Request & { readonly found: ScriptText },
): Promise<void> {
  const folder = instanceFolder(driver.root, wanted.id)
  const due = dueNodes(driver, wanted, it)
  const note = folder.read()
  if (!note || due.length === 0) return
  const { runs = [] } = note
  const startedMs = driver.clock.now()
  const orderOf = (node: string) =>
    runs.find((each) => each.script === it.script.id && each.node === node)?.order
  const last = runs.at(-1)?.order ?? 0
  // One that was recorded before, and is begun only now, may take as long as any other.
  const begun = due.map((node, at): RunNote => {
    const order = orderOf(node) ?? last + at + 1
    return { script: it.script.id, node, order, startedMs }
  })
  const isDue = ({ script, node }: RunNote) => script === it.script.id && due.includes(node)
  const others = runs.filter((run) => !isDue(run))
  folder.write({
    ...note,
    runs: [...others, ...begun].toSorted((one, other) => one.order - other.order),
  })
  for (const node of due) await begin(folder, note, { ...it, node })
}

async function begin(
  folder: InstanceFolder,
  note: InstanceNote,
  it: { readonly script: Script; readonly node: string; readonly found: ScriptText },
): Promise<void> {
  const { script, node, found } = it
  const files = folder.files(runName({ script: script.id, node }))
  const home = homeOf(folder, node)
  for (const path of [files.directory, home]) mkdirSync(path, { recursive: true, mode: 0o700 })
  if ('refused' in found) {
    writeWhole(files.startLog, `the script is not run: ${found.refused}\n`)
    writeWhole(join(files.directory, EXIT), `${NOT_FOUND}\n`)
    return
  }
  writeWhole(join(files.directory, PROGRAM), found.text, 0o700)
  const { address = '', role = '' } = nodesIn(note).find((each) => each.id === node) ?? {}
  await roleProcess(files).start({
    runtime: '/bin/sh',
    program: '-c',
    args: [SHELL, PROGRAM, ...script.args],
    env: {
      HOME: home,
      TMPDIR: home,
      EMRYS_CLUSTER: note.id,
      EMRYS_NODE: node,
      EMRYS_NODE_ADDRESS: address,
      EMRYS_NODE_ROLE: role,
    },
  })
}

/** What all scripts of a node are run in. */
function homeOf({ path }: InstanceFolder, node: string): string {
  return join(path, 'home', node)
}

type Outcome = Pick<SeenRun, 'phase' | 'exitCode'>

/** Undefined for one that has not begun. */
function phaseOf(
  folder: InstanceFolder,
  run: Pick<RunNote, 'script' | 'node'>,
): Outcome | undefined {
  const files = folder.files(runName(run))
  // In this order: it ends after it has written how.
  const isThere = roleProcess(files).pid() !== undefined
  const code = exitCodeIn(files.directory)
  if (code !== undefined) return endOf(code)
  if (isThere) return { phase: 'running' }
  return hasBegun(files.directory) ? endOf(KILLED) : undefined
}

function endOf(exitCode: number): Outcome {
  return exitCode === 0 ? { phase: 'done' } : { phase: 'failed', exitCode }
}

export function seenRuns(
  { root }: Driver,
  { id, runs }: InstanceNote,
): readonly SeenRun[] | undefined {
  const folder = instanceFolder(root, id)
  const seen = (runs ?? []).flatMap(({ script, node, order, startedMs }) => {
    const outcome = phaseOf(folder, { script, node })
    return outcome ? [{ script, node, order, startedMs, ...outcome }] : []
  })
  return seen.length === 0 ? undefined : seen
}

/** Whatever scripts of an instance have started and that is still there. */
export function runProcesses(
  folder: InstanceFolder,
  { runs = [] }: InstanceNote,
): readonly RoleProcess[] {
  return runs.map((run) => roleProcess(folder.files(runName(run))))
}

/** Ends scripts that take longer than they may. */
export function endOverdue(
  { root, clock, supervision }: Driver,
  { id, runs = [] }: InstanceNote,
): void {
  const folder = instanceFolder(root, id)
  for (const run of runs) {
    if (clock.now() - run.startedMs <= supervision.scriptMs) continue
    if (phaseOf(folder, run)?.phase === 'running')
      roleProcess(folder.files(runName(run))).signal('SIGKILL')
  }
}

/** A node that is gone takes the record of its scripts with it, and what they left. */
export function withoutLostRuns(folder: InstanceFolder, note: InstanceNote): InstanceNote {
  const { runs, ...rest } = note
  if (!runs) return note
  const there = new Set(nodesIn(note).map(({ id }) => id))
  const lost = runs.filter(({ node }) => !there.has(node))
  for (const run of lost) {
    roleProcess(folder.files(runName(run))).signal('SIGKILL')
    folder.removeProcess(runName(run))
    rmSync(homeOf(folder, run.node), { recursive: true, force: true })
  }
  const kept = runs.filter(({ node }) => there.has(node))
  return kept.length === 0 ? rest : { ...rest, runs: kept }
}
