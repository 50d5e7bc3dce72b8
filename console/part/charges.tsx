/** The ledger as a plot: what was charged each day, by currency. */
import { t } from '../texts.ts'
import { Plot } from './plot.tsx'

const DAY_MS = 86_400_000

export function Charges({
  entries,
}: {
  readonly entries: readonly Readonly<Record<string, unknown>>[]
}) {
  const days = new Map<string, Map<number, number>>()
  for (const { at, kind, amount, currency } of entries) {
    if (kind === 'payment') continue
    const ofCurrency = days.get(String(currency)) ?? new Map<number, number>()
    const dayMs = Math.floor(Date.parse(String(at)) / DAY_MS) * DAY_MS
    ofCurrency.set(dayMs, (ofCurrency.get(dayMs) ?? 0) - Number(amount))
    days.set(String(currency), ofCurrency)
  }
  return (
    <div class="plots">
      {[...days].map(([currency, sums]) => {
        const points = [...sums].toSorted(([one], [other]) => one - other)
        const [first] = points[0]!
        const [last] = points.at(-1)!
        return (
          <Plot
            key={currency}
            name={t('admin.charges', currency, entries.length)}
            points={points}
            fromMs={Math.min(first, last - 7 * DAY_MS)}
            toMs={last + DAY_MS}
            widthMs={DAY_MS}
            textOf={(value) => value.toFixed(2)}
          />
        )
      })}
    </div>
  )
}
