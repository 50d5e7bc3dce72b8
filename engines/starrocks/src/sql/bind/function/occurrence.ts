/**
 * Where a part begins for the n-th time, counted from the end where n is negative; 0 where it does not, and for n = 0.
 * reference: StarRocks' suite of 2025, test_strpos
 */
import { once } from '../../emit/text.ts'

export const occurrence = (text: string, part: string, count: string): string =>
  once(text, (whole) =>
    once(part, (sought) => {
      const places = `list_filter(range(1, length(${whole}) - length(${sought}) + 2), lambda place: substr(${whole}, place, length(${sought})) = ${sought})`
      return `CAST(CASE WHEN ${whole} IS NULL OR ${sought} IS NULL OR ${count} IS NULL THEN NULL WHEN ${count} = 0 THEN 0 WHEN ${sought} = '' THEN 1 ELSE coalesce(list_extract(${places}, ${count}), 0) END AS INTEGER)`
    }),
  )
