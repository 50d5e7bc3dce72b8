/** INSERT INTO FILES(…): what a query answers, as objects. Transactions do not reach there: execution/file-write.ts takes away what failed. */
import { done } from '../../execution/result.ts'
import type { Execution } from '../../execution/execution.ts'
import { readTarget, writeFiles } from '../../file/file-target.ts'
import type { Result } from '../../session.ts'
import type { Insert } from '../../sql/ast-data.ts'
import type { Property } from '../../sql/ast.ts'
import { unsupportedByEngine } from '../../sql/sql-error.ts'
import { translatedQuery } from '../../execution/translation.ts'
import { scopeOf } from '../../resolution/statement-scope.ts'

export async function insertFiles(
  execution: Execution,
  statement: Insert,
  properties: readonly Property[],
): Promise<Result> {
  if (execution.transaction.open) throw unsupportedByEngine('INSERT INTO FILES() in a transaction')
  const { overwrite, label, columns, byName, partitions } = statement
  if (overwrite) throw unsupportedByEngine('INSERT OVERWRITE FILES()')
  if (label !== undefined) throw unsupportedByEngine('A label of INSERT INTO FILES()')
  if (byName || columns.length > 0 || partitions.length > 0 || statement.properties.length > 0)
    throw unsupportedByEngine('INSERT INTO FILES() with anything but a query')
  const query = await translatedQuery(execution, statement.query, scopeOf(execution))
  return done(await writeFiles(execution, query, readTarget(execution, properties, query.columns)))
}
