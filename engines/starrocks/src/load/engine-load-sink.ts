/** Loads as load-sink.ts promises them: begun here, fed with rows, committed once. */
import { numberOf } from '../execution/configuration-item.ts'
import { SqlError } from '../session.ts'
import type { UserIdentity } from '../session.ts'
import { defaultRoles, demand, relationTarget } from '../catalog/authority.ts'
import type { DatabaseEntry, TableEntry } from '../catalog/catalog.ts'
import { presentUser } from '../catalog/user-identity.ts'
import type { EngineContext } from '../execution/engine-context.ts'
import { internalExecution } from '../execution/internal-execution.ts'
import { newLoad } from '../catalog/label-registry.ts'
import type { LoadRecord } from '../catalog/label-registry.ts'
import { databaseNamed, tableNamed } from '../catalog/lookup.ts'
import { readTimeZone } from '../execution/variable.ts'
import { planLoad } from './load-plan.ts'
import { LabelTakenError, outcomeOf } from '../load-sink.ts'
import type { Load, LoadRequest, LoadSink } from '../load-sink.ts'
import { runningLoad } from './running-load.ts'
import type { RunningLoad } from './running-load.ts'
import { tableFields } from './table-field.ts'
import { randomDelimiters } from './row-encoding.ts'
import { alreadyVisible, applyPrepared, dropPrepared } from './prepared-load.ts'

export type { LoadSink } from '../load-sink.ts'

/** Each running load holds a connection and a temporary table (StarRocks: max_running_txn_num_per_db is 1000). */
const RUNNING_MAX = 1000

/** reference: StarRocks documentation, "label": letters, digits, `_`, `-` and more; up to 128 characters. */
const LABEL = /^[-\w:.+/=@]{1,128}$/

export function loadSink(
  engine: EngineContext,
): LoadSink & { recover(): Promise<void>; stop(): Promise<void> } {
  const running = new Map<number, RunningLoad>()
  const expiry = preparedExpiry(engine)
  const { commitPrepared, rollbackPrepared } = secondPhase(engine, expiry)
  const start = async (facts: LoadFacts): Promise<Load> => {
    const { request, record } = facts
    const load = await startLoad(engine, facts, () => running.delete(record.id))
    running.set(record.id, load)
    const isPrepared = () => engine.labels.byId(record.id)?.state === 'PREPARED'
    const name = [request.user, request.database, record.label] as const
    const owner = record.userId
    return {
      ...load,
      isOf: (user) => owner !== undefined && engine.store.current.user(user)?.id === owner,
      prepare: (signal) => load.prepare(signal).finally(() => expiry.watch(record.id)),
      // After prepare the rows are in the file, and finishing goes by label.
      commit: (signal) => (isPrepared() ? commitPrepared(...name, signal) : load.commit(signal)),
      rollback: () => (isPrepared() ? rollbackPrepared(...name) : load.rollback()),
    }
  }
  return {
    commitPrepared,
    rollbackPrepared,
    async beginLoad(request) {
      if (running.size >= RUNNING_MAX) {
        throw new SqlError(
          `current running txns is ${running.size}, larger than limit ${RUNNING_MAX}`,
        )
      }
      const { database, table } = targetOf(engine, request.user, request)
      const record = newRecord(engine, request, { database, table })
      const holder = engine.labels.holder(database.id, record.label)
      if (holder) throw new LabelTakenError(holder)
      engine.labels.reserve(record)
      return start({ request, table, record })
    },
    async replan(load, request) {
      const record = engine.labels.byId(load.id)
      const old = running.get(load.id)
      if (!old || record?.state !== 'PREPARE') throw new SqlError(`The load ${load.label} is over`)
      try {
        const { table } = targetOf(engine, request.user, request)
        if (table.id !== record.tableId) throw new SqlError('A load cannot change its table')
        old.leave()
        return await start({ request, table, record })
      } catch (error) {
        await old.rollback()
        throw error
      }
    },
    checkLoad(user, database, table) {
      targetOf(engine, user, { database, table })
    },
    describeTable: (user, database, table) => tableFields(engine, user, { database, table }),
    ...lookUps(engine),
    async recover() {
      for (const record of engine.labels.list()) expiry.watch(record.id)
    },
    async stop() {
      expiry.stop()
      await Promise.all([...running.values()].map((load) => load.rollback()))
    },
  }
}

function lookUps(engine: EngineContext): Pick<LoadSink, 'findLoad' | 'labelState'> {
  const idOf = (database: string) => databaseNamed(engine.store.current, database).id
  return {
    findLoad: (database, label) => engine.labels.holder(idOf(database), label),
    labelState(database, label) {
      const id = idOf(database)
      const holder = engine.labels.holder(id, label)
      if (holder) return holder.state
      const ended = [...engine.labels.list(), ...engine.loads.list()]
      const hasFailed = ended.some((each) => each.databaseId === id && each.label === label)
      return hasFailed ? 'ABORTED' : 'UNKNOWN'
    },
  }
}

/** Finishing by label: what a client does after `prepare`, perhaps after a restart. */
function secondPhase(
  engine: EngineContext,
  expiry: ReturnType<typeof preparedExpiry>,
): Pick<LoadSink, 'commitPrepared' | 'rollbackPrepared'> {
  const finish = async <T>(record: LoadRecord, work: () => Promise<T>): Promise<T> => {
    expiry.settle(record)
    try {
      return await work()
    } finally {
      // One that could not be finished is still prepared.
      expiry.watch(record.id)
    }
  }
  const commitPrepared: LoadSink['commitPrepared'] = async (user, database, label, signal) => {
    const record = preparedLoad(engine, user, { database, label })
    if (record.state === 'VISIBLE') return outcomeOf(record, [])
    return finish(record, async () => outcomeOf(await applyPrepared(engine, record, signal), []))
  }
  const rollbackPrepared: LoadSink['rollbackPrepared'] = async (user, database, label) => {
    const record = preparedLoad(engine, user, { database, label })
    if (record.state === 'VISIBLE') throw alreadyVisible(record)
    await finish(record, () => dropPrepared(engine, record, 'aborted by the user'))
  }
  return { commitPrepared, rollbackPrepared }
}

/** A prepared load that nobody finishes is aborted after its timeout, counted from its beginning. */
function preparedExpiry(engine: EngineContext) {
  const timers = new Map<number, () => void>()
  const abort = (id: number) => {
    timers.delete(id)
    const record = engine.labels.byId(id)
    if (record?.state !== 'PREPARED') return
    dropPrepared(engine, record, 'timeout').catch((error: unknown) => {
      engine.log.warn({ load: id, reason: String(error) }, 'a prepared load could not be aborted')
    })
  }
  return {
    watch(id: number) {
      const record = engine.labels.byId(id)
      if (record?.state !== 'PREPARED') return
      const atMs = record.createdMs + (record.plan?.timeoutMs ?? 0)
      timers.set(
        id,
        engine.clock.at(atMs, () => abort(id)),
      )
    },
    settle(record: LoadRecord) {
      timers.get(record.id)?.()
      timers.delete(record.id)
    },
    stop() {
      for (const cancel of timers.values()) cancel()
    },
  }
}

function targetOf(
  engine: EngineContext,
  identity: UserIdentity,
  name: { readonly database: string; readonly table: string },
): { database: DatabaseEntry; table: TableEntry } {
  const { current } = engine.store
  const user = presentUser(current, identity)
  const database = databaseNamed(current, name.database)
  const table = tableNamed(current, { database: name.database, name: name.table })
  const authority = { userId: user.id, activeRoles: defaultRoles(user) }
  demand(current, authority, ['INSERT'], relationTarget(table))
  return { database, table }
}

function newRecord(
  engine: EngineContext,
  request: LoadRequest,
  target: { database: DatabaseEntry; table: TableEntry },
): LoadRecord {
  const label = request.label ?? engine.random.uuid()
  if (!LABEL.test(label))
    throw new SqlError(`Label format error. regex: ${LABEL.source}, label: ${label.slice(0, 200)}`)
  if (!(request.maxFilterRatio >= 0 && request.maxFilterRatio <= 1)) {
    throw new SqlError('max_filter_ratio must be between 0 and 1')
  }
  const [least, most] = ['min_load_timeout_second', 'max_stream_load_timeout_second'].map((name) =>
    numberOf(engine.identity.settings, 'frontend', name),
  ) as [number, number]
  if (!(request.timeoutSeconds >= least && request.timeoutSeconds <= most))
    throw new SqlError(`Invalid timeout. Timeout should between ${least} and ${most} seconds`)
  return newLoad({
    id: engine.labels.newId(),
    label,
    databaseId: target.database.id,
    tableId: target.table.id,
    volume: target.table.volume,
    kind: 'STREAM LOAD',
    user: request.user.user,
    userId: engine.store.current.user(request.user)?.id,
    createdMs: engine.clock.now(),
  })
}

interface LoadFacts {
  readonly request: LoadRequest
  readonly table: TableEntry
  readonly record: LoadRecord
}

async function startLoad(
  engine: EngineContext,
  facts: LoadFacts,
  ended: () => void,
): Promise<RunningLoad> {
  const { request, table, record } = facts
  const { execution, end } = await internalExecution(engine, {
    user: request.user.user,
    userId: engine.store.current.user(request.user)?.id,
    database: request.database,
    timeoutSeconds: request.timeoutSeconds,
  })
  const finished = () => {
    end()
    ended()
  }
  try {
    if (request.timeZone !== undefined) {
      execution.state.variables.set('time_zone', readTimeZone(request.timeZone))
    }
    const format = request.text ?? randomDelimiters(engine.random)
    const plan = planLoad(execution, table, request, format)
    return await runningLoad({ execution, table, plan, request, record, format, end: finished })
  } catch (error) {
    engine.labels.release(record)
    finished()
    throw error
  }
}

function preparedLoad(
  engine: EngineContext,
  user: UserIdentity,
  name: { readonly database: string; readonly label: string },
): LoadRecord {
  const database = databaseNamed(engine.store.current, name.database)
  const record = engine.labels.holder(database.id, name.label)
  if (!record || record.state === 'PREPARE') {
    throw new SqlError(`transaction with label ${name.label} is not prepared`)
  }
  const table = engine.store.current.entries.get(record.tableId)
  if (table?.kind === 'table') {
    targetOf(engine, user, { database: name.database, table: table.name })
  }
  return record
}
