/** SHOW RESOURCE GROUPS and SHOW USAGE RESOURCE GROUPS. reference: StarRocks 3.3.7, ResourceGroup, ShowResourceGroupUsageStmt */
import type { Catalog } from '../../catalog/catalog.ts'
import { isVisibleTo, weightOf } from '../../catalog/resource-group.ts'
import type { Classifier, ResourceGroupEntry } from '../../catalog/resource-group.ts'
import {
  classifyingRoles,
  DEFAULT_GROUP,
  resourceGroups,
  shownId,
} from '../../execution/resource-group.ts'
import { warehousesOf } from '../../execution/warehouse.ts'
import type { StatementContext } from '../../execution/statement-context.ts'
import { text } from '../../information/virtual-table.ts'
import type { VirtualTable } from '../../information/virtual-table.ts'
import { SqlError } from '../../session.ts'
import type { Show } from '../../sql/ast-session.ts'
import { exclusiveCores, shownWeight } from '../ddl/resource-group.ts'
import { nodesOf } from '../../execution/node.ts'
import { shown } from './object.ts'

/** In StarRocks' order; those that only VERBOSE shows are marked. */
const COLUMNS: readonly (readonly [name: string, verbose?: true])[] = [
  ['name'],
  ['id'],
  ['cpu_weight'],
  ['exclusive_cpu_cores'],
  ['mem_limit'],
  ['max_cpu_cores', true],
  ['big_query_cpu_second_limit'],
  ['big_query_scan_rows_limit'],
  ['big_query_mem_limit'],
  ['concurrency_limit'],
  ['spill_mem_limit_threshold'],
  ['type', true],
  ['classifiers'],
]

export function showResourceGroups(context: StatementContext, show: Show): VirtualTable {
  const groups = namedGroups(context, show)
  const who = {
    user: context.state.user,
    roles: classifyingRoles(context),
    host: context.state.host,
  }
  const all = show.modifier === 'all' || show.name !== undefined
  const rows = groups.flatMap((group) => {
    const classifiers: readonly Classifier[] = all
      ? group.classifiers.length > 0
        ? group.classifiers
        : [{ id: 0 }]
      : group.classifiers.filter((classifier) => isVisibleTo(classifier, who))
    return classifiers.map((classifier) => cells(context, group, classifier))
  })
  const isShown = COLUMNS.map(([, verbose]) => !verbose || show.full)
  return shown(
    'resource groups',
    COLUMNS.filter((_, at) => isShown[at]).map(([name]) => ({ name, type: text })),
    rows.map((row) => row.filter((_, at) => isShown[at])),
  )
}

/** Throws SqlError for one that is named and not there. */
function namedGroups({ engine }: StatementContext, show: Show): readonly ResourceGroupEntry[] {
  const groups = resourceGroups(engine)
  const name = show.name?.parts.join('.')
  if (name === undefined) return groups
  const found = groups.filter((group) => group.name === name)
  if (found.length === 0) throw new SqlError(`Unknown resource group '${name}' `, 5079, '42000')
  return found
}

function cells(
  { engine }: StatementContext,
  group: ResourceGroupEntry,
  classifier: Classifier,
): string[] {
  const { limits } = group
  return [
    group.name,
    String(shownId(group)),
    String(shownWeight(limits)),
    String(exclusiveCores(group)),
    `${doubleText((limits.memLimit ?? 0) * 100)}%`,
    String(limits.maxCpuCores ?? null),
    limits.bigQueryCpuSecondLimit ?? '0',
    limits.bigQueryScanRowsLimit ?? '0',
    limits.bigQueryMemLimit ?? '0',
    String(limits.concurrencyLimit ?? null),
    `${Number(((limits.spillMemLimitThreshold ?? 1) * 100).toFixed(2))}%`,
    group.type,
    classifierText(engine.store.current, classifier),
  ]
}

function classifierText(catalog: Catalog, classifier: Classifier): string {
  const { id, user, role, queryTypes, databaseIds, sourceIp } = classifier
  const names = databaseIds?.map((databaseId) => {
    const database = catalog.entries.get(databaseId)
    return database?.kind === 'database' ? database.name : 'unknown'
  })
  const parts = [
    `id=${id}`,
    `weight=${doubleText(weightOf(classifier))}`,
    ...(user === undefined ? [] : [`user=${user}`]),
    ...(role === undefined ? [] : [`role=${role}`]),
    ...(queryTypes ? [`query_type in (${queryTypes.toSorted().join(', ')})`] : []),
    ...(names ? [`db='${names.join(',')}'`] : []),
    ...(sourceIp === undefined ? [] : [`source_ip=${sourceIp}`]),
  ]
  return `(${parts.join(', ')})`
}

/** As Java prints a double. */
function doubleText(value: number): string {
  if (value === 0 || (Math.abs(value) >= 1e-3 && Math.abs(value) < 1e7))
    return Number.isInteger(value) ? `${value}.0` : String(value)
  const [digits = '', exponent = ''] = value.toExponential().split('e')
  return `${digits.includes('.') ? digits : `${digits}.0`}E${Number(exponent)}`
}

/** One process does the work of all nodes, and stands at the first one. */
export function resourceGroupUsage(context: StatementContext, show: Show): VirtualTable {
  const names = 'Name Id Backend BEInUseCpuCores BEInUseMemBytes BERunningQueries'
  const [node] = nodesOf(context.engine, ['be', 'cn'])
  const { engine } = context
  const loads = warehousesOf(engine.identity).map(({ name }) => engine.admission.load(name))
  const all = loads.reduce((sum, { running }) => sum + running, 0)
  const rows = namedGroups(context, show).map((group) => {
    const { running: followed, cores, bytes } = engine.groupUsage.of(group.name)
    // Nothing is followed as long as no group was made.
    const isAll = group.name === DEFAULT_GROUP && engine.store.current.resourceGroups().length === 0
    const running = isAll ? all : followed
    return [
      group.name,
      String(shownId(group)),
      node?.host ?? '',
      doubleText(Math.round(cores * 1000) / 1000),
      String(Math.round(bytes)),
      String(running),
    ]
  })
  const columns = names.split(' ').map((name) => ({ name, type: text }))
  return shown('resource group usage', columns, rows)
}
