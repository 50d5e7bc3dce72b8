/** A statement that DuckDB ended at its first bad row knows the reason only; its values are looked up when it has failed. */
import type { Execution } from '../../execution/execution.ts'
import { firstReason } from '../../transaction/staged-rows.ts'
import { FilteredRowsError } from '../../transaction/write-rows.ts'

export async function withBadRow<T>(
  { link, guard }: Execution,
  { judged }: { readonly judged: string },
  result: Promise<T>,
): Promise<T> {
  try {
    return await result
  } catch (error) {
    const { message } = guard.explain(error)
    const [bare] = FilteredRowsError.reasonsIn(message)
    const reason = bare === undefined ? undefined : await firstReason(link, judged)
    if (reason === undefined) throw error
    throw new FilteredRowsError({ total: 0, filtered: 0, reasons: [reason] })
  }
}
