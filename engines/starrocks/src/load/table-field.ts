/**
 * What `_schema` tells of a table to those who load into it or read it in bulk, the connectors of Spark and Flink.
 * reference: StarRocks 3.3.7, TableSchemaAction.
 */
import { defaultRoles, demand, relationTarget } from '../catalog/authority.ts'
import { tableNamed } from '../catalog/lookup.ts'
import { presentUser } from '../catalog/user-identity.ts'
import type { EngineContext } from '../execution/engine-context.ts'
import type { TableField } from '../load-sink.ts'
import type { UserIdentity } from '../session.ts'
import type { SqlType } from '../sql/type.ts'

export function tableFields(
  engine: EngineContext,
  identity: UserIdentity,
  name: { readonly database: string; readonly table: string },
): readonly TableField[] {
  const { current } = engine.store
  const user = presentUser(current, identity)
  const table = tableNamed(current, { database: name.database, name: name.table })
  demand(
    current,
    { userId: user.id, activeRoles: defaultRoles(user) },
    ['SELECT'],
    relationTarget(table),
  )
  return table.columns.map(({ name: column, type, declared, comment }) => {
    const shown = declared ?? type
    return {
      name: column,
      type: primitiveWord(shown),
      comment: comment ?? '',
      ...(shown.kind === 'decimal' && { precision: shown.precision, scale: shown.scale }),
    }
  })
}

/** The name of StarRocks' PrimitiveType. */
function primitiveWord(type: SqlType): string {
  if (type.kind === 'array' || type.kind === 'map' || type.kind === 'struct') return 'INVALID_TYPE'
  if (type.kind !== 'decimal') return type.kind.toUpperCase()
  const bits = [9, 18].findIndex((digits) => type.precision <= digits)
  return `DECIMAL${[32, 64][bits] ?? 128}`
}
