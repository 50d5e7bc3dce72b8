/** The text of a query that is read again later, by sessions with other settings. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Query } from '../../sql/ast.ts'
import { hasCredential } from '../../file/object-property.ts'
import { unsupportedByEngine } from '../../sql/sql-error.ts'
import { parseStatements } from '../../sql/parse.ts'
import { unlessWide } from '../../sql/planning.ts'
import { printQuery } from '../../sql/print.ts'
import { definitionText } from '../../sql/print/definition.ts'
import { LONG_TEXT } from '../../sql/thread/statement-thread.ts'
import { namesOf, translateQuery } from '../../sql/translate.ts'
import { variableOf } from '../../execution/statement-context.ts'
import type { Execution } from '../../execution/execution.ts'
import { SqlError } from '../../session.ts'
import { scopeOf } from '../../resolution/statement-scope.ts'

interface Written {
  readonly query: Query
  readonly queryText: string
}

/** As StarRocks keeps it, with all names in full: columns that its tables get later are none of the view's. One that is long, or brings thousands of columns, as it was written. */
export async function keptText(
  execution: Execution,
  statement: Written,
  of: 'view' | 'materialized view',
): Promise<string> {
  const { query, queryText } = statement
  const plain = plainText(execution, statement)
  return (queryText.length < LONG_TEXT ? await fullText(execution, query, of) : undefined) ?? plain
}

/** As it was written; under another sql_mode in the plain spelling, as the text is read again without that. */
export function plainText(execution: Execution, { query, queryText }: Written): string {
  // Whoever may see the text could read it there.
  if ((execution.fileLists ?? []).some(hasCredential))
    throw unsupportedByEngine('A key in FILES() of a view')
  const modes = variableOf(execution, 'sql_mode')
  return /PIPES_AS_CONCAT|ANSI_QUOTES|MODE_DOUBLE_LITERAL/.test(modes)
    ? printQuery(query)
    : queryText
}

/** Undefined where that text does not say the very same. Others have their turns between what it takes. */
async function fullText(
  execution: Execution,
  query: Query,
  of: 'view' | 'materialized view',
): Promise<string | undefined> {
  // The statement was translated before, with its user's rights.
  const scope = () => scopeOf(execution, { trusted: true })
  const asked = scope()
  const names = unlessWide(asked.planning, () => namesOf(query, asked))
  await nextTurn()
  if (!names) return undefined
  const text = definitionText(query, names, of)
  await nextTurn()
  const written = meaning(query, scope())
  await nextTurn()
  const parsed = queryOf(text)
  await nextTurn()
  return written !== undefined && meaningAgain(parsed, scope()) === written ? text : undefined
}

function queryOf(text: string): Query | undefined {
  try {
    const [parsed] = parseStatements(text)
    return parsed?.statement.kind === 'select' ? parsed.statement.query : undefined
  } catch (error) {
    if (error instanceof SqlError) return undefined
    throw error
  }
}

function meaningAgain(query: Query | undefined, scope: Planned): string | undefined {
  try {
    return query && meaning(query, scope)
  } catch (error) {
    if (error instanceof SqlError) return undefined
    throw error
  }
}

type Planned = ReturnType<typeof scopeOf>

/** Undefined where it brings too many columns. */
function meaning(query: Query, scope: Planned): string | undefined {
  const translated = unlessWide(scope.planning, () => translateQuery(query, scope))
  return (
    translated && JSON.stringify([translated.sql, translated.columns.map((column) => column.name)])
  )
}
