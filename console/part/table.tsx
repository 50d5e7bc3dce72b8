/** The frame of a table: headings, and a region of its own that the keyboard scrolls. */
import type { ComponentChildren } from 'preact'

export function Table(props: {
  readonly label: string
  readonly columns: readonly string[]
  /** Beside `table`. */
  readonly className?: string
  /** Rows. */
  readonly children: ComponentChildren
}) {
  const { label, columns, className = '', children } = props
  return (
    <div class={`table ${className}`.trimEnd()} tabIndex={0} role="region" aria-label={label}>
      <table>
        <Headings columns={columns} />
        <tbody>{children}</tbody>
      </table>
    </div>
  )
}

/** Columns of a SQL result may share a name. */
export function Headings({ columns }: { readonly columns: readonly string[] }) {
  return (
    <thead>
      <tr>
        {columns.map((column, at) => (
          <th key={at} scope="col">
            {column}
          </th>
        ))}
      </tr>
    </thead>
  )
}
