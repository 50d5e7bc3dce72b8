/** The rows of a statement, as a table, as a chart, and as a file. */
import { useState } from 'preact/hooks'
import type { Result } from '../../src/console/sql.ts'
import { firstChoice } from '../sql/chart.ts'
import { csvOf } from '../sql/table.ts'
import { t } from '../texts.ts'
import { ResultChart } from './result-chart.tsx'
import { Table } from './table.tsx'

const VIEWS = ['table', 'chart'] as const

export function ResultView({ result }: { readonly result: Result }) {
  const { columns, rows, cut, affected, ms } = result
  const [view, setView] = useState<(typeof VIEWS)[number]>('table')
  if (columns.length === 0) return <p>{t('sql.affected', affected ?? 0, ms)}</p>
  const first = firstChoice(columns, rows)
  return (
    <>
      <p class="filters">
        <span>{t('sql.rows', rows.length, ms)}</span>
        {cut !== null && <strong>{t(`sql.cut.${cut}`)}</strong>}
        {first && (
          <span role="group" aria-label={t('sql.view')}>
            {VIEWS.map((each) => (
              <button
                key={each}
                type="button"
                aria-pressed={each === view}
                onClick={() => setView(each)}
              >
                {t(`sql.${each}`)}
              </button>
            ))}
          </span>
        )}
        <button type="button" onClick={() => save(result)}>
          {t('sql.save')}
        </button>
      </p>
      {first && view === 'chart' ? (
        <ResultChart key={columns.join()} result={result} first={first} />
      ) : (
        <Rows result={result} />
      )}
    </>
  )
}

function save({ columns, rows }: Result): void {
  const address = URL.createObjectURL(new Blob([csvOf(columns, rows)], { type: 'text/csv' }))
  const link = document.createElement('a')
  link.href = address
  link.download = 'result.csv'
  link.click()
  URL.revokeObjectURL(address)
}

function Rows({ result: { columns, rows } }: { readonly result: Result }) {
  return (
    <>
      <Table label={t('sql.result')} columns={columns} className="result">
        {rows.map((row, at) => (
          <tr key={at}>
            {row.map((cell, column) => (
              <td key={column}>{cell ?? <em>NULL</em>}</td>
            ))}
          </tr>
        ))}
      </Table>
      {rows.length === 0 && <p>{t('sql.noRows')}</p>}
    </>
  )
}
