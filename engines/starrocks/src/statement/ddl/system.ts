/**
 * ALTER SYSTEM and CANCEL DECOMMISSION: nodes that somebody adds, takes out of use and drops by SQL. Those that the control plane declares
 * come and go with what it declares. The process behind all of them stays the same, so a node that is decommissioned has nothing left at
 * once. reference: StarRocks 3.3.7, SystemHandler, SystemInfoService, NodeMgr
 */
import { demand, systemTarget } from '../../catalog/authority.ts'
import type { Catalog } from '../../catalog/catalog.ts'
import type { Draft } from '../../catalog/catalog-store.ts'
import { settingOf } from '../../execution/configuration-item.ts'
import type { EngineContext } from '../../execution/engine-context.ts'
import type { Execution } from '../../execution/execution.ts'
import { isDecommissioned, nodesOf, type ListedNode } from '../../execution/node.ts'
import { done } from '../../execution/result.ts'
import { SqlError } from '../../session.ts'
import type { Result } from '../../session.ts'
import type { AlterSystem } from '../../sql/ast-session.ts'
import { unsupportedByEngine } from '../../sql/sql-error.ts'

/** As many as a control plane may declare. */
const NODES_MAX = 10_000

type Place = AlterSystem['places'][number]

export async function alterSystem(
  { engine, state, link }: Execution,
  statement: AlterSystem,
): Promise<Result> {
  demand(engine.store.current, state.authority, ['NODE'], systemTarget)
  await engine.store.change(link, async (draft) =>
    verbs[statement.verb]({ engine, draft }, statement),
  )
  return done()
}

interface Change {
  readonly engine: EngineContext
  readonly draft: Draft
}

const verbs: Readonly<Record<AlterSystem['verb'], (it: Change, statement: AlterSystem) => void>> = {
  add,
  drop,
  decommission,
  cancel,
}

const isFrontend = (role: AlterSystem['role']): boolean => role === 'fe' || role === 'observer'

/** Front ends of both kinds share their places. */
const sharing = (role: AlterSystem['role']): readonly AlterSystem['role'][] =>
  isFrontend(role) ? ['fe', 'observer'] : [role]

function foundAt(
  engine: EngineContext,
  role: AlterSystem['role'],
  { host, port }: Place,
): ListedNode | undefined {
  return nodesOf(engine, sharing(role)).find((node) => node.host === host && node.port === port)
}

const placeText = ({ host, port }: Place): string => `${host}:${port}`

function add({ engine, draft }: Change, { role, places }: AlterSystem): void {
  const known = draft.catalog.records('node').length
  if (known + places.length > NODES_MAX)
    throw new SqlError(`There are more than ${NODES_MAX} nodes`)
  for (const place of places) {
    if (foundAt(engine, role, place)) throw new SqlError(takenText(role, place))
    draft.put({ kind: 'node', id: draft.newId(), role, ...place, decommissioned: false })
  }
}

function takenText(role: AlterSystem['role'], place: Place): string {
  if (isFrontend(role)) return `frontend already exists ${placeText(place)}`
  return `Same ${role === 'be' ? 'backend' : 'compute node'} already exists[${placeText(place)}]`
}

function missingText({ role, verb }: AlterSystem, place: Place): string {
  const at = `[${placeText(place)}]`
  if (isFrontend(role)) return `frontend does not exist${at}`
  if (role === 'cn') return `compute node does not exists${at}`
  return verb === 'decommission' ? `Backend does not exist${at}` : `backend does not exists${at}`
}

/** Throws for a place that no node of the role has, and for one that the control plane declares. */
function demandAdded(engine: EngineContext, statement: AlterSystem, place: Place) {
  const { role, verb } = statement
  const found = foundAt(engine, role, place)
  if (!found) throw new SqlError(missingText(statement, place))
  if (found.role !== role)
    throw new SqlError(
      `${role === 'fe' ? 'FOLLOWER' : 'OBSERVER'} does not exist[${placeText(place)}]`,
    )
  const [leader] = nodesOf(engine, ['fe'])
  if (role === 'fe' && leader?.host === found.host && leader.port === found.port)
    throw new SqlError('can not drop current master node.')
  if (!found.added)
    throw unsupportedByEngine(
      `ALTER SYSTEM ${verb.toUpperCase()} of a node that the control plane declares`,
    )
  return found.added
}

function drop({ engine, draft }: Change, statement: AlterSystem): void {
  const { role, places, force } = statement
  const left = nodesOf(engine, ['be']).length - places.length
  for (const place of places) {
    const { id } = demandAdded(engine, statement, place)
    if (role === 'be' && !force) refuseShort(draft.catalog, left, 'dropped')
    draft.remove(id)
  }
}

function decommission({ engine, draft }: Change, statement: AlterSystem): void {
  const { places } = statement
  const stays = nodesOf(engine, ['be']).filter((node) => !isDecommissioned(node))
  const going = places.map((place) => demandAdded(engine, statement, place))
  const fresh = going.filter((entry) => !entry.decommissioned)
  if (fresh.length > 0) refuseShort(draft.catalog, stays.length - fresh.length, 'decommissioned')
  const drops = settingOf(engine.identity.settings, 'frontend', 'drop_backend_after_decommission')
  for (const entry of fresh) {
    if (drops === 'true') draft.remove(entry.id)
    else draft.put({ ...entry, decommissioned: true })
  }
}

function cancel({ engine, draft }: Change, statement: AlterSystem): void {
  for (const place of statement.places) {
    const entry = demandAdded(engine, statement, place)
    if (entry.decommissioned) draft.put({ ...entry, decommissioned: false })
  }
}

/** Every table needs as many back ends as it has replicas. */
function refuseShort(catalog: Catalog, left: number, verb: string): void {
  for (const database of catalog.databases())
    for (const relation of catalog.relations(database.id)) {
      if (relation.kind !== 'table') continue
      const counts = [relation, ...relation.partitions].map(({ properties }) =>
        Number(properties['replication_num'] ?? 1),
      )
      const replicas = Math.max(...counts)
      if (left < replicas)
        throw new SqlError(
          `It will cause insufficient BE number if these BEs are ${verb} because the table ${database.name}.${relation.name} requires ${replicas} replicas.`,
        )
    }
}
