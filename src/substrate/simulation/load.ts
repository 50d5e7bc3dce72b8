/**
 * The load of a simulated cluster: somebody says what its applications want, and its NodeManagers give of that as much as their nodes
 * have. What they cannot give is pending, so that it becomes less with every node that comes. Pure.
 */
import type { Inquiries, ProcessorUse, QueueLoad } from '../../domain/inquiry.ts'
import type { Demand } from '../port.ts'
import type { WorldCluster, WorldNode } from './world-cluster.ts'

const MANAGER = 'ResourceManager'
const WORKER = 'NodeManager'
/** All applications are in the default queue, and so in the one around it. */
const QUEUES = ['root', 'root.default']

const NOTHING: Demand = { applications: 0, containers: 0, memoryMib: 0, cores: 0 }

/** Of load nothing can be asked where no manager of YARN runs. */
export function simulatedInquiries(find: () => WorldCluster | undefined): Inquiries {
  const cluster = find()
  if (!cluster) return {}
  const processors = async () => processorsOf(find())
  if (runningNodes(cluster, MANAGER).length === 0) return { processors }
  return {
    processors,
    async load(queue) {
      const now = find()
      return now && QUEUES.includes(queue) ? loadOf(now) : undefined
    },
  }
}

function loadOf(cluster: WorldCluster): QueueLoad {
  const { applications, containers, memoryMib, cores } = cluster.demand ?? NOTHING
  const sizes = runningNodes(cluster, WORKER).flatMap(({ template }) => template ?? [])
  const given = Math.min(
    containers,
    sizes.reduce((sum, size) => sum + roomFor(size, { memoryMib, cores }), 0),
  )
  const use = (each: number, total: number) => ({
    available: total - given * each,
    allocated: given * each,
    pending: (containers - given) * each,
    reserved: 0,
  })
  const running = Math.min(applications, given)
  return {
    memoryMib: use(memoryMib, sum(sizes.map((size) => size.memoryMib))),
    cores: use(cores, sum(sizes.map((size) => size.cpu))),
    containers: { allocated: given, pending: containers - given },
    applications: {
      running,
      pending: applications - running,
      submitted: applications,
      completed: 0,
      failed: 0,
      killed: 0,
    },
  }
}

/** What applications have of the cores of all nodes; nothing else works in a simulated cluster. */
function processorsOf(cluster: WorldCluster | undefined): ProcessorUse {
  const nodes = cluster?.groups.flatMap((group) => group.nodes) ?? []
  const cores = sum(
    nodes.map(({ phase, template }) => (phase === 'serving' ? (template?.cpu ?? 0) : 0)),
  )
  const used = cluster && cores > 0 ? loadOf(cluster).cores.allocated : 0
  return { cores, usedPercent: cores === 0 ? 0 : (100 * used) / cores }
}

/** How many containers a node holds. */
function roomFor(
  size: { readonly memoryMib: number; readonly cpu: number },
  { memoryMib, cores }: Pick<Demand, 'memoryMib' | 'cores'>,
): number {
  const byMemory = memoryMib > 0 ? size.memoryMib / memoryMib : Infinity
  const byCores = cores > 0 ? size.cpu / cores : Infinity
  return Math.floor(Math.min(byMemory, byCores))
}

function runningNodes({ groups }: WorldCluster, daemon: string): readonly WorldNode[] {
  const runs = ({ phase, daemons = [] }: WorldNode) =>
    phase === 'serving' && daemons.some(({ name, running }) => name === daemon && running)
  return groups.flatMap(({ nodes }) => nodes.filter(runs))
}

const sum = (values: readonly number[]): number => values.reduce((all, each) => all + each, 0)
