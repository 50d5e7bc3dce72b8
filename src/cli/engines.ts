/** `emrys engines`: what the engines of this machine need beside what is installed, and the command that brings it. */
import { resolve } from 'node:path'
import { Command, Option } from 'commander'
import { stateOf, setPath, type PartState } from '../artifact/cache.ts'
import { fetchPart } from '../artifact/fetch.ts'
import { keptFiles, needsOf, type Artifact, type Need } from '../artifact/lock.ts'
import { directorySource, networkSource, sourceName } from '../artifact/source.ts'
import type { EnginesConfig } from '../config/config.ts'
import { addressesOf } from '../server/artifact-source.ts'
import { engineLocks } from '../substrate/local/lock.ts'
import { findMachineProgram, machineProgramVersion } from '../substrate/local/machine-program.ts'
import { unmetJavaHome, usualJava } from '../substrate/local/java-home.ts'
import { storePart } from '../substrate/local/object-store.ts'
import { services } from '../substrate/local/service-list.ts'
import { nearest } from '../config/nearest.ts'
import { printRows } from './output.ts'
import { CommandProblem } from './problem.ts'
import { loadWith } from './serve.ts'
import { table, type Column } from './table.ts'
import { terminal, type Terminal } from './terminal.ts'

const EXAMPLES = `
Examples:
  emrys engines                              what is there, and what each part is for
  emrys engines fetch httpfs                 what encrypted StarRocks instances need
  emrys engines fetch s3proxy                object storage on this machine, which needs Java 17 as well
  emrys engines fetch zookeeper hdfs yarn hive
                                             what EMR clusters run of on this machine, which needs Java 17 as well
  emrys engines fetch starrocks              all parts of an engine
  emrys engines fetch httpfs --from ./files  from a directory, on a machine that reaches no index

Without any of them, everything works that the table does not name. What lacks a part is refused when a client asks for it.`

const FETCH_EXAMPLES = `
Where files come from, the first that is set:
  --from DIR                                 files by their names in a directory, or as in a Maven repository
  EMRYS_ENGINES_PYTHON_INDEX                 or engines.python-index in a file of settings
  EMRYS_ENGINES_MAVEN_REPOSITORY             or engines.maven-repository there
  the index of the machine's pip             PIP_INDEX_URL, or index-url in pip.conf
  the repository of the machine's Maven      the mirror of central in settings.xml
  \`pip download\`                             where pip is there and has no index but its own
  \`mvn dependency:copy\`                      where mvn is there and has no repository but its own

Every file is pinned by size and SHA-256: where it comes from need not be trusted. A fetch that was cut off continues where it was.

Examples:
  emrys engines fetch httpfs
  emrys engines fetch httpfs tpch --from /media/stick
  EMRYS_ENGINES_CACHE=/srv/emrys/cache emrys engines fetch starrocks`

interface Options {
  readonly config?: string
  readonly cache?: string
  readonly json?: true
}

export function enginesCommand(out: Terminal): Command {
  const fetch = withPlace(new Command('fetch'))
    .summary('bring what a part needs to this machine')
    .description(
      'Brings what parts of engines need into the cache, which all servers of this user share.',
    )
    .argument('<name...>', 'parts, or engines for all of their parts')
    .option('--from <directory>', 'take the files from this directory')
    .addHelpText('after', FETCH_EXAMPLES)
    .action((names: readonly string[], options: Options & { readonly from?: string }) =>
      fetchAll(names, options, out),
    )
  return withPlace(new Command('engines'))
    .summary('what engines on this machine need, and how to bring it')
    .description(
      'Shows what engines on this machine need beside what is installed, and what of it is there.',
    )
    .option('--json', 'one JSON object a line')
    .addHelpText('after', EXAMPLES)
    .action((options: Options) => list(options, out))
    .addCommand(fetch)
}

function withPlace(command: Command): Command {
  return command
    .addOption(new Option('--config <file>', 'settings in YAML or JSON').env('EMRYS_CONFIG'))
    .option('--cache <directory>', 'where the files are kept (engines.cache)')
}

function enginesOf({ config, cache }: Options): EnginesConfig {
  return loadWith({ config, 'engines.cache': cache && resolve(cache) }).config.engines
}

interface Row {
  readonly engine: string
  readonly part: string
  readonly version: string
  readonly state: PartState
  /** Of what is fetched. */
  readonly bytes: number
  /** Of the language, both ends included; absent where none is needed. */
  readonly java?: { readonly min: number; readonly max?: number }
  /** Of the daemons of a cluster that is a master and two cores, at least; absent where it has none of its own. */
  readonly memoryMib?: number
  readonly use: string
  readonly path: string | null
}

function list(options: Options, out: Terminal): void {
  const { cache } = enginesOf(options)
  const rows = needsOf(engineLocks).map((need): Row => {
    const state = stateOf(cache, need)
    const { name, version, use } = need.part
    const bytes = sum(need.artifacts.map(({ size }) => size))
    const path = state === 'ready' ? setPath(cache, need) : null
    return {
      engine: need.engine,
      part: name,
      version,
      state,
      bytes,
      ...runningNeeds(name),
      use,
      path,
    }
  })
  printRows(out, [...rows, ...programRows()], {
    columns: columnsOf(out),
    none: 'no engine needs anything',
    json: options.json,
  })
  if (options.json) return
  if (rows.some(({ state }) => state === 'missing' || state === 'damaged'))
    out.line(out.paint('dim', '`emrys engines fetch PART` brings one'))
  for (const sentence of unmetJava(rows)) out.line(out.paint('yellow', sentence))
}

/** For each range of versions that this machine has no Java of: who needs it, and where it is looked for. */
function unmetJava(rows: readonly Row[]): readonly string[] {
  const needed = new Map<string, { readonly parts: string[]; readonly unmet: string }>()
  for (const { part, java } of rows) {
    if (java?.max === undefined) continue
    const unmet = unmetJavaHome(process.env, { min: java.min, max: java.max })
    if (unmet === undefined) continue
    const { parts } = needed.get(unmet) ?? { parts: [] }
    needed.set(unmet, { parts: [...parts, part], unmet })
  }
  return [...needed.values()].map(({ parts, unmet }) => `no Java for ${parts.join(', ')}: ${unmet}`)
}

/** Programs of the machine's own, which its packages bring and no fetch. */
function programRows(): readonly Row[] {
  return services.flatMap(({ name, version: tried, program }) => {
    if (!program) return []
    const path = findMachineProgram(process.env, program.name) ?? null
    const version = machineProgramVersion(process.env, program) ?? tried
    const use = `${program.use}; \`apt-get install ${program.package}\` brings it`
    const state = path === null ? 'missing' : 'ready'
    const { memoryMib = 0 } = runningNeeds(program.name)
    return [{ engine: name, part: program.name, version, state, bytes: 0, memoryMib, use, path }]
  })
}

const smallest = [
  { role: 'master', place: 0 },
  { role: 'core', place: 0 },
  { role: 'core', place: 1 },
]

/** What it takes to run what the part is. */
function runningNeeds(part: string): Pick<Row, 'java' | 'memoryMib'> {
  if (part === storePart.name) return { java: { min: storePart.javaMin } }
  const own = services.filter((each) => each.part === part || each.program?.name === part)
  const [first] = own
  if (!first) return {}
  const roles = new Set(smallest.map(({ role }) => role))
  const memoryMib = sum(
    own.flatMap(({ daemons }) =>
      daemons.flatMap(({ runsOn, residentMib }) =>
        smallest
          .filter((at) => runsOn({ ...at, roles, ownMetadata: false }))
          .map(() => residentMib),
      ),
    ),
  )
  return { ...(first.part !== undefined && { java: first.java ?? usualJava }), memoryMib }
}

const COLOURS = { ready: 'green', missing: 'yellow', damaged: 'red', foreign: 'dim' } as const
const STATES: { readonly [state in PartState]: string } = {
  ready: 'ready',
  missing: 'not there',
  damaged: 'damaged',
  foreign: 'not for this platform',
}

function columnsOf(out: Terminal): readonly Column<Row>[] {
  return [
    { title: 'PART', text: ({ part }) => part, whole: true },
    { title: 'ENGINE', text: ({ engine }) => engine, worth: 2 },
    { title: 'VERSION', text: ({ version }) => version, worth: 1 },
    {
      title: 'STATE',
      text: ({ state }) => STATES[state],
      paint: (text, { state }) => out.paint(COLOURS[state], text),
      whole: true,
    },
    { title: 'FETCHES', text: ({ bytes }) => (bytes === 0 ? '-' : megabytes(bytes)), worth: 3 },
    { title: 'JAVA', text: ({ java }) => (java ? [java.min, java.max].join('-') : '-'), worth: 4 },
    {
      title: 'MEMORY',
      text: ({ memoryMib = 0 }) => (memoryMib === 0 ? '-' : `${memoryMib} MiB`),
      worth: 5,
    },
    { title: 'NEEDED FOR', text: ({ use }) => use },
  ]
}

async function fetchAll(
  names: readonly string[],
  options: Options & { readonly from?: string },
  out: Terminal,
): Promise<void> {
  const config = enginesOf(options)
  const needs = chosen(names)
  const addresses = addressesOf(config, process.env)
  const source =
    options.from === undefined ? networkSource(addresses) : directorySource(resolve(options.from))
  if (options.from === undefined) process.stderr.write(`${sourceName(addresses)}\n`)
  const progress = progressOf(needs)
  try {
    for (const need of needs) {
      const { name, version } = need.part
      const outcome = await fetchPart(need, {
        cache: config.cache,
        source,
        onProgress: (artifact, bytes) => progress.seen(artifact, bytes),
      })
      const size = megabytes(sum(need.artifacts.flatMap(keptFiles).map((file) => file.size)))
      progress.clear()
      out.line(`${name} ${version}: ${outcome === 'there' ? 'is there' : 'fetched'}, ${size}`)
    }
  } finally {
    progress.end()
  }
}

/** The parts with these names, and all parts of the engines with these. Throws CommandProblem. */
function chosen(names: readonly string[]): readonly Need[] {
  for (const { name, program } of services)
    if (program && (names.includes(program.name) || names.includes(name)))
      throw new CommandProblem(
        `${program.name} is a program of this machine's own, and not fetched; \`apt-get install ${program.package}\` brings it`,
      )
  const needs = needsOf(engineLocks)
  const known = [...new Set(needs.flatMap(namesOf))]
  for (const name of names) {
    if (known.includes(name)) continue
    const meant = nearest(name, known)
    const hint = meant === undefined ? '`emrys engines` lists them' : `did you mean ${meant}?`
    throw new CommandProblem(`no engine and no part of one is called ${name}; ${hint}`)
  }
  return needs.filter((need) => namesOf(need).some((name) => names.includes(name)))
}

function namesOf({ engine, part }: Need): readonly string[] {
  return [engine, part.name, ...(part.also ?? [])]
}

interface FetchProgress {
  seen(artifact: Artifact, bytes: number): void
  /** Before other lines are printed. */
  clear(): void
  end(): void
}

/** Between two that a person could read. */
const REDRAW_MS = 100
const UP = '\u001b[F'
/** What tells nothing of how far it is shows that it continues. */
const AGAIN_MS = 500

/** A row for each part that is not done, on a terminal that can redraw. */
function progressOf(needs: readonly Need[]): FetchProgress {
  const err = terminal(process.stderr)
  const startedMs = performance.now()
  const there = new Map<Artifact, number>()
  let drawnMs = startedMs
  let drawn = false
  const draw = () => {
    drawnMs = performance.now()
    drawn = true
    const title = (text: string) => err.paint('dim', text)
    const seconds = `${((drawnMs - startedMs) / 1000).toFixed(0)} s`
    const rows = needs.map(({ part, artifacts }) => {
      const bytes = sum(artifacts.map((each) => there.get(each) ?? 0))
      return { name: part.name, bytes, size: sum(artifacts.map(({ size }) => size)) }
    })
    const shown = table(rows, PROGRESS, { width: err.columns, title })
    err.redraw([...shown, err.paint('dim', seconds)])
  }
  const timer = err.live ? setInterval(draw, AGAIN_MS) : undefined
  const clear = () => {
    if (!drawn) return
    drawn = false
    err.redraw([])
    // Nothing leaves an empty line behind.
    process.stderr.write(UP)
  }
  return {
    seen(artifact, bytes) {
      there.set(artifact, bytes)
      if (!err.live || (performance.now() - drawnMs < REDRAW_MS && bytes < artifact.size)) return
      draw()
    },
    clear,
    end() {
      clearInterval(timer)
      clear()
    },
  }
}

const PROGRESS: readonly Column<{
  readonly name: string
  readonly bytes: number
  readonly size: number
}>[] = [
  { title: 'PART', text: ({ name }) => name, whole: true },
  { title: 'THERE', text: ({ bytes }) => megabytes(bytes) },
  { title: 'OF', text: ({ size }) => megabytes(size) },
  { title: '', text: ({ bytes, size }) => `${Math.floor((100 * bytes) / Math.max(1, size))} %` },
]

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, each) => all + each, 0)
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`
}
