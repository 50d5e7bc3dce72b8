/** The resource groups of the instance, StarRocks' own two among them, and which one a statement is of. */
import type { Catalog } from '../catalog/catalog.ts'
import { isSatisfied, weightOf } from '../catalog/resource-group.ts'
import type { Classified, ResourceGroupEntry } from '../catalog/resource-group.ts'
import type { EngineContext } from './engine-context.ts'
import type { SessionContext, StatementContext } from './statement-context.ts'
import { variableOf } from './statement-context.ts'

export const DEFAULT_GROUP = 'default_wg'
const DEFAULT_VIEW_GROUP = 'default_mv_wg'

/** As StarRocks has them: below all ids that are given. */
const builtInIds: Readonly<Record<string, number>> = { [DEFAULT_GROUP]: 2, [DEFAULT_VIEW_GROUP]: 3 }

export const isBuiltIn = (name: string): boolean => Object.hasOwn(builtInIds, name)

/** What is shown as a group's id. */
export const shownId = ({ id, name }: ResourceGroupEntry): number => builtInIds[name] ?? id

/** The processors of the smallest worker. */
export function workerCores({
  identity,
  limits,
}: Pick<EngineContext, 'identity' | 'limits'>): number {
  const workers = identity.nodes.filter(({ role }) => role === 'be' || role === 'cn')
  const cores = workers.map(({ cpuCores }) => cpuCores ?? limits.threads)
  return cores.length > 0 ? Math.min(...cores) : limits.threads
}

/** By their names. A built-in one is stored when it was altered. */
export function resourceGroups(engine: EngineContext): readonly ResourceGroupEntry[] {
  const stored = engine.store.current.resourceGroups()
  const head = { kind: 'resource group', type: 'NORMAL', classifiers: [] } as const
  const builtIn: readonly ResourceGroupEntry[] = [
    {
      ...head,
      id: 2,
      name: DEFAULT_GROUP,
      limits: { cpuWeight: workerCores(engine), memLimit: 1 },
    },
    {
      ...head,
      id: 3,
      name: DEFAULT_VIEW_GROUP,
      limits: { cpuWeight: 1, memLimit: 0.8, spillMemLimitThreshold: 0.8 },
    },
  ]
  const asTheyAre = builtIn.filter(({ name }) => !stored.some((entry) => entry.name === name))
  return [...stored, ...asTheyAre].sort((one, other) => (one.name < other.name ? -1 : 1))
}

/** What roles of a session count for a classifier. */
export const classifyingRoles = ({ engine, state }: SessionContext): readonly string[] =>
  state.authority.activeRoles.filter((name) => engine.store.current.role(name)?.builtIn === false)

/** The one that the session names, if it is there; else that of the heaviest classifier which is satisfied, else the default one. */
export function groupOf(
  context: SessionContext & Partial<Pick<StatementContext, 'overrides'>>,
  what: Pick<Classified, 'queryType' | 'databaseIds'>,
): ResourceGroupEntry | undefined {
  const groups = resourceGroups(context.engine)
  const name = variableOf(context, 'resource_group')
  const id = Number(variableOf(context, 'resource_group_id'))
  const chosen =
    groups.find((group) => group.name === name) ?? groups.find((group) => shownId(group) === id)
  if (chosen) return chosen
  const { state } = context
  const asked = { ...what, user: state.user, roles: classifyingRoles(context), host: state.host }
  const satisfied = groups.flatMap((group) =>
    group.classifiers
      .filter((classifier) => isSatisfied(classifier, asked))
      .map((classifier) => ({ group, weight: weightOf(classifier) })),
  )
  const short = satisfied.filter(({ group }) => group.type === 'SHORT_QUERY')
  const candidates = short.length > 0 ? short : satisfied
  const best = candidates.toSorted((one, other) => other.weight - one.weight)[0]
  return best?.group ?? groups.find((group) => group.name === DEFAULT_GROUP)
}

export function resourceGroupNamed(
  engine: EngineContext,
  name: string,
): ResourceGroupEntry | undefined {
  return resourceGroups(engine).find((group) => group.name === name)
}

/** The databases among these names that are there. */
export const databaseIdsOf = (catalog: Catalog, names: ReadonlySet<string>): ReadonlySet<number> =>
  new Set([...names].flatMap((name) => catalog.database(name)?.id ?? []))
