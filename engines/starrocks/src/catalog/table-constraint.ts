/**
 * `unique_constraints` and `foreign_key_constraints` as StarRocks shows them: what is unique by the full name that the table has now, what
 * is referenced by the full name that was written, and the table itself before REFERENCES not at all.
 * reference: StarRocks 3.3.7, getShowCreateTableConstraintDesc of UniqueConstraint and ForeignKeyConstraint, test_alter_swap_table
 */
import type { TableEntry } from './catalog.ts'
import { catalogName } from './lookup.ts'

type Properties = TableEntry['properties']

/** The properties of a table with them. What is not of the form that StarRocks reads stays as it was written. */
export function constraintText(
  { name, properties }: Pick<TableEntry, 'name' | 'properties'>,
  database: string,
): Properties {
  const full = (written: string) => {
    const parts = written.split('.').map((part) => part.trim())
    return [...[catalogName, database].slice(0, Math.max(0, 3 - parts.length)), ...parts].join('.')
  }
  const shown: Record<string, (text: string) => string> = {
    unique_constraints(text) {
      return `${full(name)}.${listed(text.slice(text.lastIndexOf('.') + 1))}`
    },
    foreign_key_constraints(text) {
      const found = /^[^(]*\((.*?)\)\s*REFERENCES\s+(.*?)\((.*?)\)$/i.exec(text)
      if (!found) return text
      const [, columns = '', parent = '', others = ''] = found
      return `(${listed(columns)}) REFERENCES ${full(parent)}(${listed(others)})`
    },
  }
  return Object.fromEntries(
    Object.entries(properties).map(([key, value]) => {
      const show = shown[key]
      const texts = value.split(';').map((text) => text.trim())
      return [
        key,
        show
          ? texts
              .filter((text) => text !== '')
              .map(show)
              .join(';')
          : value,
      ]
    }),
  )
}

const listed = (columns: string): string =>
  columns
    .split(',')
    .map((column) => column.trim())
    .join(',')
