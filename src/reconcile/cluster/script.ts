/** Scripts of a cluster that is being created: which is next, and the reason when one failed. Pure. */
import type { Cluster } from '../../domain/cluster/cluster.ts'
import { inOrder, isBeforeStart, type Script } from '../../domain/script.ts'
import type { Seen, SeenRun } from '../../substrate/port.ts'

export interface Scripts {
  /** The first that is not done everywhere, of those that the engine waits for. */
  readonly early: PendingScript | undefined
  /** The first that is not done everywhere, of those that wait for the engine. */
  readonly late: PendingScript | undefined
  /** Why the cluster cannot be created; undefined while no script failed. */
  readonly broken: string | undefined
}

export interface PendingScript {
  readonly script: Script
  /** Nodes that it must be started on; empty while it runs on all that are left. */
  readonly nodes: readonly string[]
}

const none: Scripts = { early: undefined, late: undefined, broken: undefined }

/** Scripts are for creation: a cluster that changes or comes back has run its own already. */
export function scriptsOf(cluster: Cluster, seen: Seen): Scripts {
  const { spec, status } = cluster
  const { scripts = [] } = spec
  if (status.state !== 'creating' || scripts.length === 0) return none
  const nodes = spec.groups.flatMap((group) => group.nodes.map(({ id }) => id))
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
      runs.find(({ phase }) => phase === 'failed'),
    ),
  }
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
