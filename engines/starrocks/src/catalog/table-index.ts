/** Indexes of a table, and columns that its definition names. */
import { SqlError } from '../session.ts'
import type { CreateTable } from '../sql/ast-definition.ts'
import type { Property } from '../sql/ast.ts'
import { namedOf } from '../sql/name-index.ts'
import { analyzingError, unsupportedByEngine } from '../sql/sql-error.ts'
import type { TableColumn, TableEntry } from './catalog.ts'

export function checkIndex(
  {
    columns,
    properties: { bloom_filter_columns: filters = '' },
  }: Pick<TableEntry, 'columns' | 'properties'>,
  { name: index, type, columns: names, properties }: CreateTable['indexes'][number],
): void {
  // Both make StarRocks faster and change no answer, so they are kept and shown.
  const kind = type.toLowerCase()
  if (kind !== 'bitmap' && kind !== 'ngrambf')
    throw unsupportedByEngine(`INDEX … USING ${type.toUpperCase()}`)
  for (const name of names) {
    const column = requiredColumn(columns, name)
    if (kind === 'ngrambf' && !['char', 'varchar'].includes(column.type.kind))
      throw new SqlError(`Invalid ngram bloom filter column '${name}': unsupported type`)
    if (kind === 'ngrambf' && namesOf(filters).includes(name.toLowerCase()))
      throw new SqlError(
        `column ${name} should only have one bloom filter index or ngram bloom filter index`,
      )
  }
  if (kind === 'ngrambf') properties.forEach(checkNgramProperty)
  if (names.length !== 1) throw analyzingError(`${index} index can only apply to a single column.`)
}

const namesOf = (list: string): readonly string[] =>
  list
    .toLowerCase()
    .trim()
    .split(/\s*,\s*/)

/** reference: StarRocks' BloomFilterIndexUtil. */
function checkNgramProperty({ name, value }: Property): void {
  switch (name.toLowerCase()) {
    case 'bloom_filter_fpp':
      if (!/^\d*\.?\d+(?:e-?\d+)?$/i.test(value))
        throw analyzingError('Bloom filter fpp is not Double.')
      if (Number(value) < 0.0001 || Number(value) > 0.05)
        throw analyzingError('Bloom filter fpp should in [1.0E-4, 0.05].')
      return
    case 'gram_num':
      if (!/^[1-9]\d{0,8}$/.test(value))
        throw analyzingError("Ngram Bloom filter's gram_num should be positive number.")
      return
    case 'case_sensitive':
      if (!/^(?:true|false)$/i.test(value))
        throw analyzingError("Ngram Bloom filter's case_sensitive should be true or false.")
      return
    default:
      throw analyzingError(`Invalid ngram bloom filter property '${name}'.`)
  }
}

export function requiredColumn(columns: readonly TableColumn[], name: string): TableColumn {
  const [found] = namedOf(columns, name)
  if (found) return found
  throw new SqlError(`Column '${name}' does not exist in the table`, 1054, '42S22')
}
