/** What a cluster uses over an hour, a day or a week, of what its engines and daemons report. */
import { useEffect } from 'preact/hooks'
import type { Plots } from '../../src/console/samples.ts'
import { useRemote } from '../live.ts'
import { setQuery, usePlace } from '../location.ts'
import { bytesText, t } from '../texts.ts'
import { Plot } from './plot.tsx'
import { Remotely } from './remote.tsx'

const SPANS = ['hour', 'day', 'week'] as const
const AGAIN_MS = 30_000

const numberText = (value: number) =>
  value === 0 ? '0' : value < 10 ? value.toPrecision(2) : String(Math.round(value))
const bytes = (value: number) => bytesText(Math.round(value))
const TEXTS = {
  cpu: numberText,
  memory: bytes,
  queries: numberText,
  loaded: bytes,
  hdfs: bytes,
  yarn: bytes,
} as const

export function Usage({ id }: { readonly id: string }) {
  const { query } = usePlace()
  const over = SPANS.find((each) => each === query.get('over')) ?? 'hour'
  const remote = useRemote<Plots>(`clusters/${id}/plots?over=${over}`)
  const { look } = remote
  // Samples come without anything that changed.
  useEffect(() => {
    const timer = window.setInterval(look, AGAIN_MS)
    return () => window.clearInterval(timer)
  }, [id, over])
  return (
    <section aria-labelledby="usage" class="wide">
      <h2 id="usage">{t('usage.title')}</h2>
      <Remotely of={remote}>
        {(it) => {
          if (!it.reports) return <p>{t('usage.simulated')}</p>
          return (
            <>
              <label>
                {t('usage.over')}{' '}
                <select
                  value={over}
                  onChange={(event) => setQuery({ over: event.currentTarget.value })}
                >
                  {SPANS.map((each) => (
                    <option key={each} value={each}>
                      {t(`usage.${each}`)}
                    </option>
                  ))}
                </select>
              </label>
              {it.plots.length === 0 && <p>{t('usage.none')}</p>}
              <div class="plots">
                {it.plots.map(({ figure, points }) => (
                  <Plot
                    key={figure}
                    name={t(`usage.${figure}`)}
                    points={points}
                    fromMs={it.fromMs}
                    toMs={it.toMs}
                    widthMs={it.widthMs}
                    textOf={TEXTS[figure]}
                  />
                ))}
              </div>
            </>
          )
        }}
      </Remotely>
    </section>
  )
}
