/** CREATE, ALTER and DROP RESOURCE GROUP. reference: StarRocks 3.3.7, ResourceGroupMgr */
import { demand, groupTarget, systemTarget } from '../../catalog/authority.ts'
import type { Draft } from '../../catalog/catalog-store.ts'
import type { Classifier, GroupLimits, ResourceGroupEntry } from '../../catalog/resource-group.ts'
import type { Execution } from '../../execution/execution.ts'
import {
  isBuiltIn,
  resourceGroupNamed,
  resourceGroups,
  workerCores,
} from '../../execution/resource-group.ts'
import { done } from '../../execution/result.ts'
import { SqlError } from '../../session.ts'
import type { Result } from '../../session.ts'
import type { AlterResourceGroup, CreateResourceGroup } from '../../sql/ast-session.ts'
import type { Expression } from '../../sql/ast.ts'
import { analyzingError } from '../../sql/sql-error.ts'
import { checkProcessors, classifierOf, groupProperties } from './resource-group-property.ts'

const GROUPS_MAX = 1000
const CLASSIFIERS_MAX = 1000

export async function createResourceGroup(
  execution: Execution,
  statement: CreateResourceGroup,
): Promise<Result> {
  const { engine, link, state } = execution
  demand(engine.store.current, state.authority, ['CREATE RESOURCE GROUP'], systemTarget)
  const { name, classifiers, properties } = statement
  for (const conditions of classifiers) classifierOf(engine.store.current, conditions)
  const { limits, type = 'NORMAL' } = groupProperties(properties, workerCores(engine))
  if (type === 'SHORT_QUERY') refuseExclusive(limits)
  checkProcessors(limits)
  if (limits.memLimit === undefined) throw analyzingError("property 'mem_limit' is absent.")
  await engine.store.change(link, async (draft) => {
    const known = resourceGroupNamed(engine, name)
    if (known && !statement.replace) {
      if (statement.ifNotExists) return
      throw new SqlError(`RESOURCE_GROUP(${name}) already exists`)
    }
    const others = resourceGroups(engine).filter((group) => group !== known)
    const short = others.find((group) => group.type === 'SHORT_QUERY')
    if (type === 'SHORT_QUERY' && short)
      throw new SqlError(`There can be only one short_query RESOURCE_GROUP (${short.name})`)
    if (classifiers.length > 0 && type === 'MV')
      throw new SqlError('MV Resource Group not support classifiers.')
    if (classifiers.length === 0 && type !== 'MV' && !isBuiltIn(name))
      throw new SqlError('This type Resource Group need define classifiers.')
    if (others.length >= GROUPS_MAX)
      throw new SqlError(`There are more than ${GROUPS_MAX} resource groups`)
    const entry: ResourceGroupEntry = {
      kind: 'resource group',
      id: draft.newId(),
      name,
      type,
      limits: { ...limits, cpuWeight: Math.max(1, limits.cpuWeight ?? 1) },
      classifiers: madeClassifiers(draft, classifiers, 0),
    }
    checkCores(execution, entry, others)
    if (known) draft.remove(known.id)
    draft.put(entry)
  })
  return done()
}

export async function alterResourceGroup(
  execution: Execution,
  { name, change }: AlterResourceGroup,
): Promise<Result> {
  const { engine, link } = execution
  const group = demandGroup(execution, name, 'ALTER')
  if (change.kind !== 'with' && isBuiltIn(name))
    throw analyzingError(`cannot alter classifiers of builtin resource group [${name}].`)
  if (change.kind !== 'with' && group.type === 'MV')
    throw new SqlError('MV Resource Group not support classifiers.')
  await engine.store.change(link, async (draft) => {
    const now = resourceGroupNamed(engine, name)
    if (!now) throw noGroup(name)
    const id = draft.catalog.entries.has(now.id) ? now.id : draft.newId()
    draft.put({ ...now, ...changed(execution, draft, now, change), id })
  })
  engine.admission.changed()
  return done()
}

function changed(
  execution: Execution,
  draft: Draft,
  now: ResourceGroupEntry,
  change: AlterResourceGroup['change'],
): Partial<ResourceGroupEntry> {
  if (change.kind === 'add') {
    const added = madeClassifiers(draft, change.classifiers, now.classifiers.length)
    return { classifiers: [...now.classifiers, ...added] }
  }
  if (change.kind === 'drop') {
    const { ids } = change
    return {
      classifiers: ids === 'all' ? [] : now.classifiers.filter(({ id }) => !ids.includes(id)),
    }
  }
  const { engine } = execution
  const { limits, type } = groupProperties(change.properties, workerCores(engine))
  if (type !== undefined) throw analyzingError('type of ResourceGroup is immutable.')
  if (Object.keys(limits).length === 0)
    throw analyzingError(
      "At least one of ('cpu_weight','exclusive_cpu_cores','mem_limit','max_cpu_cores','concurrency_limit','big_query_mem_limit', 'big_query_scan_rows_limit','big_query_cpu_second_limit','spill_mem_limit_threshold') should be specified.",
    )
  const merged = { ...now.limits, ...limits }
  const weight = limits.cpuWeight ?? shownWeight(now.limits)
  checkProcessors({ ...merged, cpuWeight: weight })
  if (now.type === 'SHORT_QUERY') refuseExclusive(merged)
  const entry = { ...now, limits: { ...merged, cpuWeight: Math.max(1, weight) } }
  checkCores(
    execution,
    entry,
    resourceGroups(engine).filter((group) => group !== now),
  )
  return { limits: entry.limits }
}

/** One with processors of its own has no weight. */
export const shownWeight = ({ cpuWeight = 1, exclusiveCpuCores = 0 }: GroupLimits): number =>
  exclusiveCpuCores > 0 ? 0 : cpuWeight

export async function dropResourceGroup(
  execution: Execution,
  { name }: { readonly name: string },
): Promise<Result> {
  if (isBuiltIn(name)) throw analyzingError(`cannot drop builtin resource group [${name}].`)
  const group = demandGroup(execution, name, 'DROP')
  const { engine, link } = execution
  await engine.store.change(link, async (draft) => draft.remove(group.id))
  engine.admission.changed()
  return done()
}

const noGroup = (name: string) => new SqlError(`RESOURCE_GROUP(${name}) does not exist`)

function demandGroup(
  { engine, state }: Execution,
  name: string,
  privilege: 'ALTER' | 'DROP',
): ResourceGroupEntry {
  const group = resourceGroupNamed(engine, name)
  if (!group) throw noGroup(name)
  demand(engine.store.current, state.authority, [privilege], groupTarget(group))
  return group
}

function madeClassifiers(
  draft: Draft,
  written: readonly (readonly Expression[])[],
  before: number,
): Classifier[] {
  if (before + written.length > CLASSIFIERS_MAX)
    throw new SqlError(`A resource group has more than ${CLASSIFIERS_MAX} classifiers`)
  return written.map((conditions) => ({
    id: draft.newId(),
    ...classifierOf(draft.catalog, conditions),
  }))
}

/** Processors of their own; those of the type short_query take their weight for them. */
export const exclusiveCores = ({ type, limits }: ResourceGroupEntry): number => {
  const { exclusiveCpuCores = 0, cpuWeight = 0 } = limits
  if (exclusiveCpuCores > 0) return exclusiveCpuCores
  return type === 'SHORT_QUERY' ? cpuWeight : 0
}

function checkCores(
  { engine }: Execution,
  group: ResourceGroupEntry,
  others: readonly ResourceGroupEntry[],
): void {
  const own = exclusiveCores(group)
  const sum = others.reduce((cores, other) => cores + exclusiveCores(other), own)
  const most = workerCores(engine) - 1
  if (own > 0 && sum > most)
    throw new SqlError(
      `the sum of exclusive_cpu_cores across all resource groups cannot exceed the minimum number of CPU cores available on the backends minus one [${most}]`,
    )
}

function refuseExclusive({ exclusiveCpuCores = 0 }: GroupLimits): void {
  if (exclusiveCpuCores > 0)
    throw analyzingError(
      "'short_query' ResourceGroup cannot set 'exclusive_cpu_cores', since it use 'cpu_weight' as 'exclusive_cpu_cores'.",
    )
}
