/** DISTRIBUTED BY: what a new table has, by its keys and what was written. */
import { SqlError } from '../session.ts'
import type { Distribution, KeyDefinition } from '../sql/ast-definition.ts'
import { analyzingError } from '../sql/sql-error.ts'
import type { TableColumn } from './catalog.ts'
import { requiredColumn } from './table-index.ts'

/** reference: StarRocks 3.3.7, CreateTableAnalyzer; suite, test_random_distribution */
function usualDistribution({ model, columns }: KeyDefinition): Distribution {
  if (model === 'primary') return { method: 'hash', columns, buckets: undefined }
  if (model === 'duplicate') return { method: 'random', columns: [], buckets: undefined }
  throw analyzingError(
    `Currently not support default distribution in ${model === 'unique' ? 'UNIQUE' : 'AGG'}_KEYS`,
  )
}

export function distributionOf(
  columns: readonly TableColumn[],
  key: KeyDefinition,
  written: Distribution | undefined,
): Distribution {
  const chosen = written ?? usualDistribution(key)
  const isReplacing = columns.some(({ aggregate }) => aggregate?.startsWith('replace'))
  if (
    chosen.method === 'random' &&
    key.model !== 'duplicate' &&
    (key.model !== 'aggregate' || isReplacing)
  )
    throw analyzingError(
      `${key.model.toUpperCase()} KEY${key.model === 'aggregate' ? ' with replace ' : ''} must use hash distribution`,
    )
  for (const name of chosen.columns) {
    if (!requiredColumn(columns, name).key && key.model !== 'duplicate') {
      throw new SqlError(`Distribution column[${name}] is not key column`)
    }
  }
  return chosen
}
