/** What the properties of ANALYZE say, checked and completed. reference: StarRocks 3.3.7, AnalyzeStmtAnalyzer and Config. */
import { numberOf } from '../../execution/configuration-item.ts'
import type { Settings } from '../../execution/configuration-item.ts'
import { analyzingError } from '../../sql/sql-error.ts'
import type { HistogramPlan } from './histogram.ts'

type Properties = Readonly<Record<string, string>>

const KNOWN: readonly string[] = [
  'statistic_auto_collect_ratio',
  'statistic_auto_collect_interval',
  'statistic_sample_collect_rows',
  'statistic_exclude_pattern',
  'histogram_bucket_num',
  'histogram_mcv_size',
  'histogram_sample_ratio',
  'init_sample_statistic_job',
  'sample_ratio',
  'update_interval_sec',
  'collect_interval_sec',
]

const NUMERIC: readonly string[] = KNOWN.filter(
  (name) => name.startsWith('histogram_') || name === 'statistic_sample_collect_rows',
)

export function checkAnalyzeProperties(properties: Properties): void {
  for (const name of Object.keys(properties))
    if (!KNOWN.includes(name)) throw analyzingError(`Property '${name}' is not valid.`)
  for (const name of NUMERIC) {
    const value = properties[name]
    if (value !== undefined && !Number.isFinite(Number(value)))
      throw analyzingError(`Property '${name}' value must be numeric.`)
  }
}

/** StarRocks' Config: statistic_sample_collect_rows, histogram_max_sample_row_count, histogram_mcv_size, histogram_sample_ratio. */
const SAMPLE_ROWS_LEAST = 200_000
const SAMPLE_ROWS_MOST = 10_000_000
const MOST_COMMON = 100
const SAMPLE_RATIO = '0.1'

/** With everything that decides a histogram of so many rows, in the order in which Java prints its map. */
export function histogramProperties(
  settings: Settings,
  written: Properties,
  { buckets, rows }: { readonly buckets: number | undefined; readonly rows: number },
): Properties {
  const number = buckets ?? numberOf(settings, 'frontend', 'histogram_buckets_size')
  if (number <= 0) throw analyzingError("Bucket number can't less than 1.")
  const {
    histogram_bucket_num: _,
    histogram_mcv_size: mostCommon = String(MOST_COMMON),
    histogram_sample_ratio: ratio = SAMPLE_RATIO,
    ...others
  } = written
  const completed = {
    ...others,
    histogram_mcv_size: mostCommon,
    histogram_bucket_num: String(number),
    histogram_sample_ratio: sampleRatio(ratio, rows),
  }
  const { mostCommon: size } = histogramPlan(completed)
  if (!Number.isSafeInteger(size) || size < 0)
    throw analyzingError("Property 'histogram_mcv_size' value must be numeric.")
  return completed
}

/** Small tables are read whole, and of large ones no more than StarRocks reads. */
function sampleRatio(written: string, rows: number): string {
  const sampled = rows * Number(written)
  if (sampled < SAMPLE_ROWS_LEAST && rows !== 0)
    return SAMPLE_ROWS_LEAST > rows ? '1' : rounded(SAMPLE_ROWS_LEAST / rows)
  return sampled > SAMPLE_ROWS_MOST ? rounded(SAMPLE_ROWS_MOST / rows) : written
}

const rounded = (ratio: number): string => String(Number(ratio.toFixed(8)))

export const histogramPlan = (properties: Properties): HistogramPlan => ({
  buckets: Number(properties['histogram_bucket_num']),
  mostCommon: Number(properties['histogram_mcv_size']),
  ratio: Number(properties['histogram_sample_ratio']),
})
