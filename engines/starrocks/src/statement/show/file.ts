/** DESC FILES(…): the columns that a SELECT of it has. */
import type { Execution } from '../../execution/execution.ts'
import { filesRelation } from '../../file/file-table.ts'
import { text, virtualColumns } from '../../information/virtual-table.ts'
import type { Result } from '../../session.ts'
import type { SessionStatement } from '../../sql/ast-session.ts'
import { describedType } from '../../sql/type-text.ts'
import { directRows } from './show.ts'

export async function describeFiles(
  execution: Execution,
  { properties }: Extract<SessionStatement, { kind: 'describeFiles' }>,
): Promise<Result> {
  const { columns } = await filesRelation(execution, properties)
  return directRows({
    database: '',
    name: 'files',
    columns: virtualColumns({ Field: text, Type: text, Null: text }),
    rows: columns.map(({ name, type }) => [name, describedType(type), 'YES']),
  })
}
