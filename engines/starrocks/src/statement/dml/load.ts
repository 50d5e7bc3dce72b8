/**
 * LOAD LABEL … WITH BROKER: rows of objects into tables, by itself, after the statement was answered. The label and all rows are one
 * transaction. A load that a process does not live to finish is cancelled when the next one opens the data; its label is free then.
 * reference: StarRocks documentation, "Broker Load"; fe, LoadJob.java
 */
import { demand, relationTarget } from '../../catalog/authority.ts'
import { newLoad } from '../../catalog/label-registry.ts'
import type { LoadRecord } from '../../catalog/label-registry.ts'
import { databaseNamed, stillThere, tableNamed } from '../../catalog/lookup.ts'
import { dataChanged } from '../../execution/engine-context.ts'
import type { EngineContext } from '../../execution/engine-context.ts'
import type { Execution } from '../../execution/execution.ts'
import { cleared } from '../../execution/guard.ts'
import { AS_ROOT, internalExecution } from '../../execution/internal-execution.ts'
import { done } from '../../execution/result.ts'
import { readProperties } from '../../file/object-property.ts'
import { scopeOf } from '../../resolution/statement-scope.ts'
import { SqlError } from '../../session.ts'
import type { Result } from '../../session.ts'
import type { DataStatement } from '../../sql/ast-data.ts'
import { readTimeZone } from '../../execution/variable.ts'
import { noDatabase, unsupportedByEngine } from '../../sql/sql-error.ts'
import { writeRows } from '../../transaction/write-rows.ts'
import { checkLoadSource, stageSource } from './load-source.ts'
import type { StagedSource } from './load-source.ts'

type LoadFiles = Extract<DataStatement, { kind: 'load' }>

/** reference: StarRocks documentation, "label" */
const LABEL = /^[-\w:.+/=@]{1,128}$/
const TIMEOUT_SECONDS = 14_400
const TIMEOUT_MAX_SECONDS = 259_200

interface LoadOptions {
  readonly strict: boolean
  readonly maxFilterRatio: number
  readonly timeoutSeconds: number
  readonly timeZone: string | undefined
}

export async function loadFiles(execution: Execution, statement: LoadFiles): Promise<Result> {
  const { engine, state } = execution
  const name = statement.database ?? state.database
  if (name === undefined) throw noDatabase()
  const database = databaseNamed(engine.store.current, name)
  readProperties(execution, statement.broker, { of: 'a broker', known: [] })
  const options = optionsOf(execution, statement)
  const { label } = statement
  if (!LABEL.test(label))
    throw new SqlError(`Label format error. regex: ${LABEL.source}, label: ${label.slice(0, 200)}`)
  const tables = statement.sources.map((source) => {
    const table = tableNamed(engine.store.current, { database: name, name: source.table })
    demand(engine.store.current, state.authority, ['INSERT'], relationTarget(table))
    checkLoadSource(execution, source, table)
    return table
  })
  if (new Set(tables.map(({ volume }) => volume)).size > 1)
    throw unsupportedByEngine('LOAD into tables of several storage volumes')
  const record = newLoad({
    id: engine.labels.newId(),
    label,
    databaseId: database.id,
    tableId: tables[0]?.id ?? -1,
    volume: tables[0]?.volume,
    kind: 'BROKER',
    user: state.user,
    createdMs: engine.clock.now(),
    job: {
      timeoutSeconds: options.timeoutSeconds,
      maxFilterRatio: options.maxFilterRatio,
      priority: 'NORMAL',
    },
  })
  const holder = engine.labels.holder(database.id, label)
  if (holder)
    throw new SqlError(`Label [${label}] has already been used, relate to txn [${holder.id}]`)
  engine.labels.reserve(record)
  try {
    await engine.store.change(execution.link, (draft) => {
      draft.enter(record.volume)
      return engine.labels.write(execution.link, record)
    })
    submit(execution, statement, { record, options, database: name })
  } catch (error) {
    engine.labels.release(record)
    throw error
  }
  return done()
}

function optionsOf(execution: Execution, { properties }: LoadFiles): LoadOptions {
  const known = [
    'timeout',
    'max_filter_ratio',
    'strict_mode',
    'timezone',
    'log_rejected_record_num',
  ]
  const values = readProperties(execution, properties, { of: 'LOAD', known })
  const strict = values.get('strict_mode')?.toLowerCase() ?? 'false'
  if (strict !== 'true' && strict !== 'false')
    throw new SqlError(`Invalid value of the property "strict_mode": ${strict.slice(0, 50)}`)
  const maxFilterRatio = Number(values.get('max_filter_ratio') ?? '0')
  if (!(maxFilterRatio >= 0 && maxFilterRatio <= 1))
    throw new SqlError('max_filter_ratio must between 0.0 and 1.0.')
  const timeoutSeconds = Number(values.get('timeout') ?? TIMEOUT_SECONDS)
  if (!(timeoutSeconds >= 1 && timeoutSeconds <= TIMEOUT_MAX_SECONDS))
    throw new SqlError(
      `Invalid timeout. Timeout should between 1 and ${TIMEOUT_MAX_SECONDS} seconds`,
    )
  if (Number(values.get('log_rejected_record_num') ?? '0') !== 0)
    throw unsupportedByEngine('"log_rejected_record_num" of LOAD, other than 0')
  const zone = values.get('timezone')
  const timeZone = zone === undefined ? undefined : readTimeZone(zone)
  return { strict: strict === 'true', maxFilterRatio, timeoutSeconds, timeZone }
}

interface SubmittedLoad {
  readonly record: LoadRecord
  readonly options: LoadOptions
  readonly database: string
}

function submit(execution: Execution, statement: LoadFiles, load: SubmittedLoad): void {
  const { engine, state } = execution
  const { record, database, options } = load
  let stop = (_why?: SqlError) => {}
  let cancelled: { readonly why: SqlError | undefined } | undefined
  const facts = {
    name: String(record.id),
    queryId: execution.queryId,
    user: state.user,
    userId: state.authority.userId,
    database,
    definition: record.label,
  }
  engine.brokerLoads.submit(facts, {
    async run() {
      const { execution: bare, end } = await internalExecution(engine, {
        user: state.user,
        userId: state.authority.userId,
        database,
        timeoutSeconds: options.timeoutSeconds,
      })
      const { authority, variables } = state
      const own = { ...bare, state: { ...bare.state, authority, variables: new Map(variables) } }
      if (options.timeZone !== undefined) own.state.variables.set('time_zone', options.timeZone)
      stop = (why) => own.guard.cancel('interrupt', why)
      if (cancelled) stop(cancelled.why)
      try {
        await carryOut(own, statement, load)
      } catch (error) {
        const { message } = own.guard.explain(error)
        if (!(error instanceof SqlError))
          engine.log.error({ reason: String(error) }, 'a load failed')
        const why = message.startsWith('type:') ? message : `type:LOAD_RUN_FAIL; msg:${message}`
        const recorded = failLoad(engine, record.id, why).catch((problem: unknown) => {
          engine.log.warn({ reason: String(problem) }, 'the end of a load was not recorded')
        })
        await cleared(own.guard, recorded)
        engine.work.failedLoad(`${database}.${statement.sources[0]?.table ?? ''}`)
      } finally {
        end()
      }
    },
    cancel(why) {
      cancelled = { why }
      stop(why)
    },
  })
}

async function carryOut(
  execution: Execution,
  statement: LoadFiles,
  { record, options }: SubmittedLoad,
): Promise<void> {
  const { engine, link } = execution
  const staged: StagedSource[] = []
  for (const [index, source] of statement.sources.entries())
    staged.push(
      await stageSource(execution, source, {
        stage: `b${record.id}_${index}`,
        strict: options.strict,
      }),
    )
  const sum = (of: (each: StagedSource) => number) =>
    staged.reduce((total, each) => total + of(each), 0)
  const [total, filtered] = [sum(({ rows }) => rows.total), sum(({ rows }) => rows.filtered)]
  const reasons = staged.flatMap(({ rows }) => rows.reasons)
  engine.loads.keepReasons(record.id, reasons)
  if (filtered > total * options.maxFilterRatio)
    throw new SqlError(
      `type:ETL_QUALITY_UNSATISFIED; msg:quality not good enough to cancel. ${reasons[0] ?? ''}`,
    )
  const unselected = sum((each) => each.unselected)
  const visible: LoadRecord = {
    ...record,
    state: 'VISIBLE',
    total: total + unselected,
    loaded: total - filtered,
    filtered,
    unselected,
    bytes: sum(({ bytes }) => bytes),
    ...(record.job && { job: { ...record.job, files: sum(({ files }) => files) } }),
    finishedMs: engine.clock.now(),
  }
  await engine.volumes.admit(record.volume, execution.guard)
  await engine.store.change(link, async (draft) => {
    execution.guard.check()
    if (engine.labels.byId(record.id)?.state !== 'PREPARE')
      throw new SqlError('the load was cancelled')
    const scope = scopeOf(execution, { catalog: draft.catalog, trusted: true })
    for (const { plan, rows } of staged) {
      const table = stillThere(draft.catalog, plan.table)
      const { columns } = plan
      await writeRows({ engine, link, draft, table, source: rows.accepted, columns, scope })
    }
    await engine.labels.write(link, visible)
  })
  try {
    await engine.durability.settle(execution.guard)
  } finally {
    engine.labels.remember(visible)
    dataChanged(engine, [...new Set(staged.map(({ plan }) => plan.table.id))])
  }
}

const abortedLoad = (engine: EngineContext, record: LoadRecord, message: string): LoadRecord => ({
  ...record,
  state: 'ABORTED',
  message,
  finishedMs: engine.clock.now(),
})

/** One that can commit no more: shown as it is though a storage that is away may not take it for long; the next process cancels it too. */
async function failLoad(engine: EngineContext, id: number, message: string): Promise<void> {
  const record = engine.labels.byId(id)
  if (record?.state !== 'PREPARE') return
  const aborted = abortedLoad(engine, record, message)
  engine.labels.remember(aborted)
  const { execution, end } = await internalExecution(engine, AS_ROOT)
  try {
    await engine.store.change(execution.link, () => engine.labels.write(execution.link, aborted))
  } finally {
    end()
  }
}

/** Cancels a load that has not become visible; answers whether it was one. */
async function endLoad(engine: EngineContext, id: number, message: string): Promise<boolean> {
  const { execution, end } = await internalExecution(engine, AS_ROOT)
  try {
    return await engine.store.change(execution.link, async (draft) => {
      const record = engine.labels.byId(id)
      if (record?.state !== 'PREPARE') return false
      draft.enter(record.volume)
      const aborted = abortedLoad(engine, record, message)
      await engine.labels.write(execution.link, aborted)
      engine.labels.remember(aborted)
      return true
    })
  } finally {
    end()
  }
}

export async function cancelLoad(
  execution: Execution,
  statement: Extract<DataStatement, { kind: 'cancelLoad' }>,
): Promise<Result> {
  const { engine, state } = execution
  const name = statement.database ?? state.database
  if (name === undefined) throw noDatabase()
  const { current } = engine.store
  const record = engine.labels
    .list()
    .findLast(
      ({ databaseId, label, kind }) =>
        databaseId === databaseNamed(current, name).id &&
        label === statement.label &&
        kind === 'BROKER',
    )
  if (!record) throw new SqlError(`Load job does not exist`)
  const table = current.entries.get(record.tableId)
  if (table?.kind === 'table') demand(current, state.authority, ['INSERT'], relationTarget(table))
  if (!(await endByUser(execution, record)))
    throw new SqlError(`There is no uncompleted job which label is ${statement.label}`)
  return done()
}

/** Also one that is writing its rows, which is interrupted; one that commits is waited for. Answers whether it came to nothing. */
async function endByUser({ engine, guard }: Execution, { id }: LoadRecord): Promise<boolean> {
  if (engine.labels.byId(id)?.state !== 'PREPARE') return false
  const why = new SqlError('type:USER_CANCEL; msg:user cancel')
  await guard.waitFor(engine.brokerLoads.cancel(String(id), why))
  // One that had not begun.
  await guard.waitFor(failLoad(engine, id, why.message))
  engine.brokerLoads.drop(String(id))
  return engine.labels.byId(id)?.message === why.message
}

/** What an earlier process was asked for and did not live to finish. */
export async function cancelLostLoads(engine: EngineContext, of?: number): Promise<void> {
  for (const { id, kind, state, volume } of engine.labels.list()) {
    if (of !== undefined && volume !== of) continue
    if (kind === 'BROKER' && state === 'PREPARE')
      await endLoad(engine, id, 'type:LOAD_RUN_FAIL; msg:the engine was restarted')
  }
}
