/** Scripts of new nodes: which is next, and the reason when one failed. Pure. */
import type { Cluster } from '../../domain/cluster/cluster.ts'
import { nodesOf } from '../../domain/cluster/node-group.ts'
import { inOrder, isBeforeStart, type Script } from '../../domain/script.ts'
import type { Seen, SeenRun } from '../../substrate/port.ts'
import type { Step } from './step.ts'
import { waitForScript } from './waiting.ts'

export interface Scripts {
  /** The first that is not done everywhere, of those that the engine waits for. */
  readonly early: PendingScript | undefined
  /** The first that is not done everywhere, of those that wait for the engine. */
  readonly late: PendingScript | undefined
  /** Why the nodes cannot be had; undefined while no script failed. */
  readonly broken: string | undefined
}

export interface PendingScript {
  readonly script: Script
  /** Nodes that it must be started on; empty while it runs on all that are left. */
  readonly nodes: readonly string[]
}

const none: Scripts = { early: undefined, late: undefined, broken: undefined }

/** Scripts are for new nodes: those of a new cluster, and those that a change adds, as long as it continues. */
export function scriptsOf(cluster: Cluster, seen: Seen): Scripts {
  const { scripts, nodes } = dueOf(cluster)
  if (scripts.length === 0) return none
  const { runs = [] } = seen
  const phases = new Map(runs.map((run) => [keyOf(run), run.phase]))
  const pending = (script: Script): PendingScript | undefined => {
    const open = nodes.filter((node) => phases.get(keyOf({ script: script.id, node })) !== 'done')
    if (open.length === 0) return undefined
    return { script, nodes: open.filter((node) => !phases.has(keyOf({ script: script.id, node }))) }
  }
  const first = (of: (script: Script) => boolean) =>
    inOrder(scripts.filter(of))
      .map(pending)
      .find((each) => each !== undefined)
  return {
    early: first(isBeforeStart),
    late: first((script) => !isBeforeStart(script)),
    broken: brokenBy(
      cluster,
      scripts,
      runs.find(({ phase, node }) => phase === 'failed' && nodes.includes(node)),
    ),
  }
}

interface Due {
  readonly scripts: readonly Script[]
  readonly nodes: readonly string[]
}

function dueOf({ spec, status, change }: Cluster): Due {
  const nodes = nodesOf(spec.groups).map(({ id }) => id)
  if (status.state === 'creating') return { scripts: spec.scripts ?? [], nodes }
  if (!change?.scripts || change.reverting !== undefined) return { scripts: [], nodes: [] }
  const before = new Set(nodesOf(change.before.groups).map(({ id }) => id))
  return { scripts: change.scripts, nodes: nodes.filter((id) => !before.has(id)) }
}

/** One script after the other, each on all nodes at once. */
export function runOf({ script, nodes }: PendingScript, seen: Seen, during: string): Step {
  if (nodes.length > 0) return { do: 'run', script, nodes }
  return { do: 'wait', ...waitForScript(script), forMs: seen.changesInMs, during }
}

function keyOf({ script, node }: Pick<SeenRun, 'script' | 'node'>): string {
  return `${node} ${script}`
}

function brokenBy(
  { spec: { groups } }: Cluster,
  scripts: readonly Script[],
  run: SeenRun | undefined,
): string | undefined {
  if (!run) return undefined
  const name = scripts.find(({ id }) => id === run.script)?.name ?? run.script
  const node = groups.flatMap((group) => group.nodes).find(({ id }) => id === run.node)?.name
  return `the script ${name} failed on ${node ?? run.node} with exit code ${run.exitCode ?? 1}`
}
