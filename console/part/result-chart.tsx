/** A result as bars or a line, in SVG: what is drawn has the colours of the page, and its values stand in the table. */
import { useState } from 'preact/hooks'
import type { Result } from '../../src/console/sql.ts'
import { chartOf, numericColumns, type Chart } from '../sql/chart.ts'
import { t } from '../texts.ts'

const WIDTH = 900
const HEIGHT = 300
const LEFT = 70
const RIGHT = 20
const TOP = 10
const BOTTOM = 40
const LABELS_MAX = 10
const LABEL_LENGTH = 14
const GAP = 0.2

interface Choice {
  readonly along: number
  readonly of: number
}

export function ResultChart(props: { readonly result: Result; readonly first: Choice }) {
  const { columns, rows } = props.result
  const [choice, setChoice] = useState(props.first)
  const choose = (member: keyof Choice) => (event: { currentTarget: HTMLSelectElement }) =>
    setChoice((was) => ({ ...was, [member]: Number(event.currentTarget.value) }))
  const all = columns.map((_, at) => at)
  const name = t('sql.chartOf', columns[choice.of] ?? '', columns[choice.along] ?? '')
  return (
    <figure class="chart">
      <figcaption class="filters">
        {(['of', 'along'] as const).map((member) => (
          <label key={member}>
            {t(`sql.${member}`)}
            <select value={choice[member]} onChange={choose(member)}>
              {(member === 'of' ? numericColumns(columns, rows) : all).map((at) => (
                <option key={at} value={at}>
                  {columns[at]}
                </option>
              ))}
            </select>
          </label>
        ))}
      </figcaption>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={name}>
        <Drawn chart={chartOf(rows, choice)} />
      </svg>
    </figure>
  )
}

function Drawn({ chart }: { readonly chart: Chart }) {
  const { kind, points, ticks } = chart
  const [least = 0, most = 1] = [ticks[0], ticks.at(-1)]
  const y = (value: number) => TOP + ((HEIGHT - TOP - BOTTOM) * (most - value)) / (most - least)
  const from = points[0]?.at ?? 0
  const to = points.at(-1)?.at ?? 1
  const inner = WIDTH - LEFT - RIGHT
  const width = inner / Math.max(1, points.length)
  const x = (at: number) =>
    kind === 'bars' ? LEFT + (at + 0.5) * width : LEFT + (inner * (at - from)) / (to - from || 1)
  const every = Math.max(1, Math.ceil(points.length / LABELS_MAX))
  return (
    <>
      {ticks.map((tick) => (
        <g key={tick}>
          <line class="grid" x1={LEFT} x2={WIDTH - RIGHT} y1={y(tick)} y2={y(tick)} />
          <text x={LEFT - 8} y={y(tick) + 4} text-anchor="end">
            {tick}
          </text>
        </g>
      ))}
      {kind === 'line' && (
        <polyline points={points.map(({ at, value }) => `${x(at)},${y(value)}`).join(' ')} />
      )}
      {points.map(({ label, at, value }, index) => (
        <g key={index}>
          {kind === 'bars' ? (
            <rect
              x={x(at) - width * (0.5 - GAP / 2)}
              width={width * (1 - GAP)}
              y={Math.min(y(value), y(0))}
              height={Math.abs(y(value) - y(0))}
            >
              <title>{`${label}: ${value}`}</title>
            </rect>
          ) : (
            <circle cx={x(at)} cy={y(value)} r={3}>
              <title>{`${label}: ${value}`}</title>
            </circle>
          )}
          {index % every === 0 && (
            <text x={x(at)} y={HEIGHT - BOTTOM + 20} text-anchor="middle">
              {shortened(label)}
            </text>
          )}
        </g>
      ))}
    </>
  )
}

function shortened(label: string): string {
  return label.length > LABEL_LENGTH ? `${label.slice(0, LABEL_LENGTH - 1)}…` : label
}
