/** Identity, billing and environment, for the administrator: lists, and a form for each change. */
import { useEffect, useState } from 'preact/hooks'
import { administer, ApiProblem } from '../api.ts'
import { setQuery, usePlace } from '../location.ts'
import { ADMIN, operations, type Operation } from '../operation.ts'
import { Charges } from '../part/charges.tsx'
import { OperationForm } from '../part/operation-form.tsx'
import { Table } from '../part/table.tsx'
import { t } from '../texts.ts'

const lists = {
  identity: ['accounts', 'users', 'keys', 'policies', 'roles', 'tokens'],
  billing: ['orders', 'ledger', 'funds', 'coupons'],
  environment: ['environment', 'environment/known', 'environment/holdings', 'encryption-keys'],
} as const

export type Area = keyof typeof lists
export const areas = Object.keys(lists) as readonly Area[]
type ListName = (typeof lists)[Area][number]

type Row = Readonly<Record<string, unknown>>

const ROWS = 100

export function AdministrationPage({ area }: { readonly area: Area }) {
  const { query } = usePlace()
  const names: readonly ListName[] = lists[area]
  const name = names.find((each) => each === query.get('list')) ?? names[0]!
  return (
    <>
      <h1>{t(`nav.${area}`)}</h1>
      <p class="filters" role="group" aria-label={t('admin.list')}>
        {names.map((each) => (
          <button
            key={each}
            type="button"
            aria-pressed={each === name}
            onClick={() => setQuery({ list: each })}
          >
            {t(`admin.${each}`)}
          </button>
        ))}
      </p>
      <List key={name} name={name} />
    </>
  )
}

function List({ name }: { readonly name: ListName }) {
  const [rows, setRows] = useState<readonly Row[] | undefined>()
  const [next, setNext] = useState<number | null>(null)
  const [problem, setProblem] = useState('')
  const look = async (after?: number) => {
    try {
      const found = await rowsOf(name, after)
      setRows((was) => (after === undefined ? found.rows : [...(was ?? []), ...found.rows]))
      setNext(found.next)
    } catch (it) {
      setProblem(it instanceof ApiProblem && it.status !== 0 ? it.message : t('live.away'))
    }
  }
  useEffect(() => void look(), [])
  return (
    <>
      {problem !== '' && (
        <p role="alert" class="problem">
          {problem}
        </p>
      )}
      {rows && name === 'ledger' && <Charges entries={rows} />}
      {rows && <Rows label={t(`admin.${name}`)} rows={rows} />}
      {next !== null && (
        <button type="button" onClick={() => void look(next)}>
          {t('admin.more')}
        </button>
      )}
      <Actions name={name} onDone={() => void look()} />
    </>
  )
}

/** Pages name their rows differently; the environment's are in each cloud, and funds are asked for account by account. */
async function rowsOf(
  name: ListName,
  after?: number,
): Promise<{ readonly rows: readonly Row[]; readonly next: number | null }> {
  const from = after === undefined ? '' : `&after=${after}`
  const slice = `?limit=${ROWS}${from}`
  if (name === 'funds') {
    const { rows, next } = await rowsOf('accounts', after)
    const ids = rows.map(({ account }) => String(account))
    return { rows: await Promise.all(ids.map((id) => administer<Row>('GET', `funds/${id}`))), next }
  }
  const answer = await administer<Row>('GET', name === 'environment' ? name : `${name}${slice}`)
  const found = Object.values(answer).find((each) => Array.isArray(each)) as readonly Row[]
  const rows = found.flatMap((each) =>
    name === 'environment' ? (each['resources'] as readonly Row[]) : [each],
  )
  return { rows, next: typeof answer['next'] === 'number' ? answer['next'] : null }
}

function Rows({ label, rows }: { readonly label: string; readonly rows: readonly Row[] }) {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))]
  if (rows.length === 0) return <p>{t('common.none')}</p>
  return (
    <Table label={label} columns={columns}>
      {rows.map((row, at) => (
        <tr key={at}>
          {columns.map((column) => (
            <td key={column}>{cellOf(row[column])}</td>
          ))}
        </tr>
      ))}
    </Table>
  )
}

function cellOf(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (Array.isArray(value)) return value.map(cellOf).join(', ')
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** What buys and ends terms belongs to orders, though it names clusters. */
const ALSO: Partial<Record<ListName, readonly string[]>> = {
  orders: ['/_emrys/clusters/{name}/renew', '/_emrys/clusters/{name}/refund'],
}

function Actions({ name, onDone }: { readonly name: ListName; readonly onDone: () => void }) {
  const [all, setAll] = useState<readonly Operation[]>([])
  useEffect(() => void operations().then(setAll, () => {}), [])
  const own = all.filter(
    ({ tag, method, path }) =>
      tag === ADMIN &&
      method !== 'GET' &&
      (`${path}/`.startsWith(`/_emrys/${name}/`) || ALSO[name]?.includes(path)),
  )
  if (own.length === 0) return null
  return (
    <section aria-labelledby="admin-actions">
      <h2 id="admin-actions">{t('admin.actions')}</h2>
      {own.map((operation) => (
        <Action key={operation.operationId} operation={operation} onDone={onDone} />
      ))}
    </section>
  )
}

function Action(props: { readonly operation: Operation; readonly onDone: () => void }) {
  const { operation, onDone } = props
  const [isOpen, setOpen] = useState(false)
  return (
    <details open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <code>
          {operation.method} {operation.path}
        </code>{' '}
        {operation.summary.split(': {')[0]}
      </summary>
      {isOpen && <OperationForm operation={operation} onDone={onDone} />}
    </details>
  )
}
