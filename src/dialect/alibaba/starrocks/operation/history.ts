/** The history of an instance as listings read it: one that does not exist has none. */
import type { Operations } from '../../../../app/operation/operations.ts'
import { Fault } from '../../../../domain/fault.ts'

type History = Awaited<ReturnType<Operations['list']>>

export async function historyOrNothing(page: Promise<History>): Promise<History> {
  try {
    return await page
  } catch (problem) {
    if (problem instanceof Fault && problem.code === 'ClusterNotFound')
      return { total: 0, rows: [] }
    throw problem
  }
}
