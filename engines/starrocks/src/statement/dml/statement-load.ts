/** A statement that writes rows as a load, as lists of loads show it: with its label, or one made up, and when it fails with the reason. */
import type { TableEntry } from '../../catalog/catalog.ts'
import { newLoad } from '../../catalog/label-registry.ts'
import type { LoadRecord } from '../../catalog/label-registry.ts'
import { nameMap } from '../../catalog/name-map.ts'
import type { Execution } from '../../execution/execution.ts'
import { SqlError } from '../../session.ts'
import type { Result } from '../../session.ts'
import { FilteredRowsError } from '../../transaction/write-rows.ts'

export interface StatementLoad {
  readonly id: number
  /** As the statement was given it: one that is taken once, and kept with the rows. */
  readonly label: string | undefined
  /** What of its rows was filtered, once that is known. */
  judged: { readonly filtered: number; readonly reasons: readonly string[] }
  /** Within the transaction that writes the rows. Throws when its label was used before. */
  write(loaded: number): Promise<void>
}

interface LoadAbout {
  readonly table: TableEntry
  readonly label: string
  readonly isGiven: boolean
}

export async function asLoad(
  execution: Execution,
  about: LoadAbout,
  run: (load: StatementLoad) => Promise<Result>,
): Promise<Result> {
  const { engine } = execution
  const used = () => {
    if (about.isGiven && engine.labels.holder(about.table.databaseId, about.label))
      throw new SqlError(`Label [${about.label}] has already been used.`)
  }
  used()
  const id = engine.labels.newId()
  const base = recordOf(execution, id, about)
  let written: LoadRecord | undefined
  const load: StatementLoad = {
    id,
    label: about.isGiven ? about.label : undefined,
    judged: { filtered: 0, reasons: [] },
    async write(loaded) {
      if (!about.isGiven) return
      used()
      written = ended(loaded)
      await engine.labels.write(execution.link, written)
    },
  }
  const ended = (loaded: number): LoadRecord => ({
    ...base,
    state: 'VISIBLE',
    total: loaded + load.judged.filtered,
    loaded,
    filtered: load.judged.filtered,
    finishedMs: engine.clock.now(),
  })
  try {
    const result = await run(load)
    if (written) engine.labels.remember(written)
    else engine.loads.add(ended(result.kind === 'done' ? result.affectedRows : 0))
    engine.loads.keepReasons(id, load.judged.reasons)
    return result
  } catch (error) {
    const known = execution.guard.explain(error)
    const message = nameMap(engine.store.current)(known.message)
    const filtered = known instanceof FilteredRowsError ? known : undefined
    engine.loads.keepReasons(id, filtered?.reasons ?? FilteredRowsError.reasonsIn(message))
    engine.loads.add({
      ...base,
      state: 'ABORTED',
      total: filtered?.total ?? 0,
      filtered: filtered?.filtered ?? 0,
      message: `type:LOAD_RUN_FAIL; msg:Cancelled, msg: ${message}`,
      finishedMs: engine.clock.now(),
    })
    throw error
  }
}

function recordOf(execution: Execution, id: number, { table, label }: LoadAbout): LoadRecord {
  return newLoad({
    id,
    label,
    databaseId: table.databaseId,
    tableId: table.id,
    volume: table.volume,
    kind: 'INSERT',
    user: execution.state.user,
    createdMs: execution.startMs,
  })
}
