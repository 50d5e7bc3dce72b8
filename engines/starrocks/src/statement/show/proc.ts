/**
 * SHOW PROC: the tree of what a frontend knows, which tools walk. The branches that mean something here are answered and listed at its
 * root; those that only StarRocks has are refused by name.
 */
import { demand, systemTarget } from '../../catalog/authority.ts'
import type { StatementContext } from '../../execution/statement-context.ts'
import { text, virtualColumns } from '../../information/virtual-table.ts'
import type { Cell, VirtualTable } from '../../information/virtual-table.ts'
import type { SqlError } from '../../session.ts'
import type { Show } from '../../sql/ast-session.ts'
import { analyzingError, unsupportedByEngine } from '../../sql/sql-error.ts'
import { backends, computeNodes, frontends } from './node.ts'

type Branch = (context: StatementContext) => VirtualTable

const branches: ReadonlyMap<string, Branch> = new Map([
  ['backends', backends],
  ['compute_nodes', computeNodes],
  ['dbs', databases],
  ['frontends', frontends],
])

/** reference: ProcService of StarRocks 3.3.7. */
const elsewhere: ReadonlySet<string> = new Set([
  'brokers',
  'catalog',
  'cluster_balance',
  'colocation_group',
  'compactions',
  'current_backend_instances',
  'current_queries',
  'global_current_queries',
  'jobs',
  'load_error_hub',
  'meta_recovery',
  'monitor',
  'replications',
  'resources',
  'routine_loads',
  'statistic',
  'stream_loads',
  'tasks',
  'transactions',
  'warehouses',
])

export function proc(context: StatementContext, show: Show): VirtualTable {
  demand(context.engine.store.current, context.state.authority, ['OPERATE'], systemTarget)
  const path = (show.text ?? '').trim()
  if (!path.startsWith('/')) throw unknownPath(path, `Path(${path}) does not start with '/'`)
  const [name, ...deeper] = path.split('/').filter((part) => part !== '')
  if (name === undefined) return root()
  const branch = branches.get(name)
  if (branch && deeper.length === 0) return branch(context)
  if (branch ?? elsewhere.has(name)) throw unsupportedByEngine(`SHOW PROC '${path}'`)
  throw unknownPath(path, `Cannot find path: ${path}`)
}

const unknownPath = (path: string, why: string): SqlError =>
  analyzingError(`Unknown proc node path: ${path}. msg: ${why}.`)

const root = (): VirtualTable => ({
  database: '',
  name: 'proc',
  columns: virtualColumns({ name: text }),
  rows: [...branches.keys()].map((name) => [name]),
})

/** Nothing here has a quota of its own: StarRocks' default, which is none. */
const NO_QUOTA = '8388608.000 TB'
const NO_REPLICA_QUOTA = '9223372036854775807'

/** Whoever may operate sees every database. */
function databases(context: StatementContext): VirtualTable {
  const { current } = context.engine.store
  const columns = virtualColumns({
    DbId: text,
    DbName: text,
    TableNum: text,
    Quota: text,
    LastConsistencyCheckTime: text,
    ReplicaQuota: text,
  })
  const rows = [...current.databases()]
    .sort((one, other) => one.id - other.id)
    .map(({ id, name }): Cell[] => {
      const relations = String([...current.relations(id)].length)
      return [String(id), name, relations, NO_QUOTA, null, NO_REPLICA_QUOTA]
    })
  return { database: '', name: 'proc', columns, rows }
}
