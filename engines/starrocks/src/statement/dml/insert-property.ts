/** What an INSERT says for itself about rows that the table cannot take. */
import { SqlError } from '../../session.ts'
import type { Insert } from '../../sql/ast-data.ts'
import { unsupportedByEngine } from '../../sql/sql-error.ts'

/** reference: StarRocks 3.4, INSERT, "PROPERTIES" */
export function insertProperties({ properties }: Insert): ReadonlyMap<string, string> {
  const values = new Map(properties.map(({ name, value }) => [name.toLowerCase(), value]))
  for (const [name, value] of values) {
    const fits =
      name === 'strict_mode'
        ? value === 'true' || value === 'false'
        : name === 'max_filter_ratio' && /^(0(\.\d+)?|1(\.0+)?)$/.test(value)
    if (!fits && name !== 'strict_mode' && name !== 'max_filter_ratio')
      throw unsupportedByEngine(`The INSERT property "${name}"`)
    if (!fits) throw new SqlError(`Invalid value of the property "${name}": ${value.slice(0, 50)}`)
  }
  return values
}
