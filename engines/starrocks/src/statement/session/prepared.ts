/** PREPARE, EXECUTE and DEALLOCATE: statements that a session keeps under a name. As in StarRocks, queries only. */
import type { SessionContext, StatementContext } from '../../execution/statement-context.ts'
import type { Execution } from '../../execution/execution.ts'
import { translatedQuery } from '../../execution/translation.ts'
import { done } from '../../execution/result.ts'
import { scopeOf } from '../../resolution/statement-scope.ts'
import type { Column, Result } from '../../session.ts'
import { SqlError } from '../../session.ts'
import type { ParsedStatement, Query, Statement } from '../../sql/ast.ts'
import type { SessionStatement } from '../../sql/ast-session.ts'
import type { TypedSql } from '../../sql/scope.ts'
import { analyzingError } from '../../sql/sql-error.ts'
import { placeholder } from '../../storage/parameter-literal.ts'
import { columnOf } from '../../storage/wire-value.ts'
import { setUserHints, systemHints } from '../statement-hint.ts'

type Of<Kind extends SessionStatement['kind']> = Extract<SessionStatement, { kind: Kind }>

/** Each holds a parsed text; the MySQL port bounds its own prepared statements alike. */
const PREPARED_MAX = 4096

export async function prepare(
  execution: Execution,
  { name, prepared }: Of<'prepare'>,
): Promise<Result> {
  const { statement } = prepared
  if (statement.kind !== 'select') {
    throw new SqlError(
      'This command is not supported in the prepared statement protocol yet',
      1295,
      'HY000',
    )
  }
  await queryColumns(execution, prepared, statement.query)
  const kept = execution.state.prepared
  const key = name.toLowerCase()
  if (!kept.has(key) && kept.size >= PREPARED_MAX)
    throw new SqlError(`A session keeps at most ${PREPARED_MAX} prepared statements`, 1461, '42000')
  kept.set(key, prepared)
  return done()
}

export async function executeNamed(
  execution: Execution,
  { name, variables }: Of<'execute'>,
  run: (execution: Execution, statement: Statement) => Promise<Result>,
): Promise<Result> {
  const prepared = execution.state.prepared.get(name.toLowerCase())
  if (!prepared) throw new SqlError(`Could not execute, since \`${name}\` not exist`)
  if (variables.length !== prepared.parameters) {
    throw analyzingError(
      `Invalid arguments size ${variables.length}, expected ${prepared.parameters}.`,
    )
  }
  const { session } = scopeOf(execution)
  const parameters = variables.map(
    (variable): TypedSql =>
      session.userVariable(variable) ?? { sql: 'NULL', type: { kind: 'null' } },
  )
  const bound: Execution = {
    ...execution,
    parameters,
    length: prepared.text.length,
    overrides: systemHints(prepared),
    fileLists: prepared.files,
  }
  await setUserHints(bound, prepared.hints)
  return run(bound, prepared.statement)
}

export function deallocate({ state }: Execution, { name }: Of<'deallocate'>): Result {
  if (!state.prepared.delete(name.toLowerCase()))
    throw new SqlError(`PrepareStatement \`${name}\` not exist`)
  return done()
}

/** What a prepared query will answer, found with stand-ins for the parameters: no value is known yet. */
export async function queryColumns(
  asked: SessionContext & Pick<StatementContext, 'lakes' | 'files' | 'length'>,
  { parameters }: ParsedStatement,
  query: Query,
): Promise<readonly Column[]> {
  const { engine, state, lakes, files, length = 0 } = asked
  const attempt = async (kind: 'text' | 'number') => {
    const context = {
      engine,
      state,
      overrides: new Map(),
      hintVariables: new Map(),
      startMs: engine.clock.now(),
      length,
      parameters: Array.from({ length: parameters }, () => placeholder(kind)),
      ...(lakes && { lakes }),
      ...(files && { files }),
    }
    const { columns } = await translatedQuery(context, query, scopeOf(context))
    return columns.map(columnOf)
  }
  try {
    return await attempt('text')
  } catch (error) {
    if (parameters === 0) throw error
    return attempt('number')
  }
}
