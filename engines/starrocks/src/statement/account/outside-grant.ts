/**
 * What a GRANT or REVOKE means in external catalogs: a catalog by its name, and databases and tables of the session's catalog or of the
 * one that is written before them. They are held by name: what is outside has no number here.
 */
import type { Grant } from '../../catalog/grant.ts'
import { externalOf } from '../../resolution/object-name.ts'
import type { SessionContext } from '../../execution/statement-context.ts'
import type { ObjectName } from '../../sql/ast.ts'
import type { PrivilegeTarget } from '../../sql/ast-session.ts'
import { noDatabase, unsupportedByEngine } from '../../sql/sql-error.ts'

type OutsideGrant = Pick<Grant, 'object' | 'databaseId' | 'objectId' | 'outside'>

/** Undefined when the statement is about the default catalog. */
export function outsideTargets(
  context: SessionContext,
  target: PrivilegeTarget,
): readonly OutsideGrant[] | undefined {
  const { object, all, names } = target
  if (object === 'catalog') return catalogTargets(context, target)
  if (['user', 'system', 'storage volume', 'resource group'].includes(object)) return undefined
  const catalogs = all ? [undefined] : names.map((name) => writtenCatalog(object, name))
  const entries = catalogs.map((written) => externalOf(context, written))
  const [entry] = entries
  if (entry === undefined && entries.every((each) => each === undefined)) return undefined
  if (!entry || entries.some((each) => each?.id !== entry.id))
    throw unsupportedByEngine('GRANT and REVOKE in several catalogs at once')
  if (object !== 'database' && object !== 'table')
    throw unsupportedByEngine(`GRANT ON ${object.toUpperCase()} of an external catalog`)
  const isTable = object === 'table'
  if (all) return [outsideGrant(object, entry.id, target.inDatabase ?? '*', isTable ? '*' : '')]
  return names.map(({ parts }) => {
    const [last = '', above = context.state.database] = parts.toReversed()
    if (!isTable) return outsideGrant(object, entry.id, last, '')
    if (above === undefined) throw noDatabase()
    return outsideGrant(object, entry.id, above, last)
  })
}

const writtenCatalog = (object: string, { parts }: ObjectName): string | undefined =>
  object === 'database' ? parts.at(-2) : parts.at(-3)

function catalogTargets(
  context: SessionContext,
  { object, all, names }: PrivilegeTarget,
): readonly OutsideGrant[] {
  const inside = { object, databaseId: '*', objectId: '*' } as const
  if (all) return [inside, outsideGrant(object, '*', '', '')]
  return names.flatMap(({ parts }) => {
    const last = parts.at(-1) ?? ''
    if (last === '*') return [inside, outsideGrant(object, '*', '', '')]
    const entry = externalOf(context, last)
    return entry ? [outsideGrant(object, entry.id, '', '')] : [inside]
  })
}

const outsideGrant = (
  object: Grant['object'],
  catalogId: number | '*',
  database: string,
  table: string,
): OutsideGrant => ({
  object,
  databaseId: undefined,
  objectId: undefined,
  outside: { catalogId, database, table },
})
