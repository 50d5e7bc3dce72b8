/**
 * SET_VAR hints: variables of one statement, written in its outermost SELECT. They are taken off the query once, right after
 * parsing; the translator refuses those that are left, for they stand where StarRocks takes none.
 */
import { readVariable, variableNamed } from '../execution/variable.ts'
import { SqlError } from '../session.ts'
import type { ParsedStatement, Query, Select } from '../sql/ast.ts'

export interface HintedStatement extends ParsedStatement {
  readonly hints: Select['setVariables']
}

export function separateHints(parsed: ParsedStatement): HintedStatement {
  const { statement } = parsed
  if (statement.kind !== 'select' && statement.kind !== 'insert') return { ...parsed, hints: [] }
  const { body } = statement.query
  if (body.kind !== 'select' || body.setVariables.length === 0) return { ...parsed, hints: [] }
  const query: Query = { ...statement.query, body: { ...body, setVariables: [] } }
  return { ...parsed, statement: { ...statement, query }, hints: body.setVariables }
}

/** Lower-case names to values. Throws SqlError for a variable that there is not, or a value that it cannot have. */
export function readHints(hints: HintedStatement['hints']): ReadonlyMap<string, string> {
  return new Map(
    hints.map(({ name, value }) => {
      const definition = variableNamed(name)
      if (value.kind === 'string') return [definition.name, readVariable(definition, value.value)]
      if (value.kind === 'boolean') return [definition.name, String(value.value)]
      if (value.kind === 'integer') return [definition.name, readVariable(definition, value.text)]
      throw new SqlError(`SET_VAR(${name}) needs a plain value`)
    }),
  )
}
