/** Reads and translates long statements in a thread of its own (src/kernel/work-thread.ts): the one that all sessions share would be held up meanwhile. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { MessageChannel, Worker, receiveMessageOnPort } from 'node:worker_threads'
import type { MessagePort } from 'node:worker_threads'
import type { Clock } from '../../../../../src/kernel/clock.ts'
import { programFile } from '../../../../../src/kernel/place.ts'
import { workThread, type StartedThread } from '../../../../../src/kernel/work-thread.ts'
import { ThreadEnd, nextMessage, type Asker, type OnCancel } from '../../thread/thread-end.ts'
import type { Expression, ParsedStatement, Query } from '../ast.ts'
import type { ParseOptions } from '../parse.ts'
import type { Scope, ScopeTable, TypedSql } from '../scope.ts'
import { viewSource } from '../translate.ts'
import type { DuckSql, ExpressionSource } from '../translate.ts'
import { errorOf, errorText } from './thread-message.ts'
import type { ScopeAnswer, Job, Outcome, Question, ScopeHead } from './thread-message.ts'
import { piecesOf, treeBuilder } from './tree-piece.ts'
import type { TreePiece } from './tree-piece.ts'

export interface StatementThread {
  parse(text: string, options: ParseOptions, asker: Asker): Promise<readonly ParsedStatement[]>
  query(query: Query, scope: Scope, asker: Asker): Promise<DuckSql>
  expression(
    asked: { readonly expression: Expression; readonly sources: readonly ExpressionSource[] },
    scope: Scope,
    asker: Asker,
  ): Promise<TypedSql>
  stop(): Promise<void>
}

/** Texts from here on, in characters, are read by the thread: shorter ones take milliseconds, and handing them over would too. */
export const LONG_TEXT = 16_384

/** Of the thread's own heap: a statement at its bounds takes less. */
const HEAP_MB = 1024

interface Asked {
  readonly job: Job
  readonly tree: object
  readonly scope?: Scope
}

export function statementThread(clock: Clock): StatementThread {
  const thread = workThread(clock, startThread)
  const run = (asked: Asked, asker: Asker): Promise<unknown> =>
    thread.run(asker, (running) => running.run(asked, asker.onCancel))
  // What comes back is what the function of that name answered in the thread.
  return {
    parse: async (text, options, asker) =>
      (await run(
        { job: { kind: 'parse', options }, tree: { text } },
        asker,
      )) as readonly ParsedStatement[],
    query: async (query, scope, asker) =>
      (await run(
        { job: { kind: 'query', head: headOf(scope) }, tree: { query, text: scope.text }, scope },
        asker,
      )) as DuckSql,
    expression: async (tree, scope, asker) =>
      (await run(
        {
          job: { kind: 'expression', head: headOf(scope) },
          tree: { ...tree, text: scope.text },
          scope,
        },
        asker,
      )) as TypedSql,
    stop: thread.stop,
  }
}

interface RunningThread extends StartedThread {
  run(asked: Asked, onCancel: OnCancel | undefined): Promise<unknown>
}

const PROGRAM = programFile('engines/starrocks/src/sql/thread/thread-worker')

function startThread(): RunningThread {
  const trees = new MessageChannel()
  const questions = new MessageChannel()
  const answered = new Int32Array(new SharedArrayBuffer(4))
  const worker = new Worker(PROGRAM, {
    workerData: { trees: trees.port2, questions: questions.port2, answered },
    transferList: [trees.port2, questions.port2],
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
  })
  let hasEnded = false
  const end = async (): Promise<void> => {
    hasEnded = true
    for (const port of [trees.port1, questions.port1]) port.close()
    await worker.terminate()
  }
  return {
    get hasEnded() {
      return hasEnded
    },
    end,
    async run({ job, tree, scope }, onCancel) {
      const answer = (question: Question): void => {
        questions.port1.postMessage(answerOf(question, scope), [])
        Atomics.store(answered, 0, 1)
        Atomics.notify(answered, 0)
      }
      questions.port1.on('message', answer)
      try {
        const done = nextMessage(worker, { what: 'statement', onCancel })
        await send(trees.port1, tree)
        worker.postMessage(job, [])
        const { error } = (await done) as Outcome<undefined>
        if (error !== undefined) throw errorOf(error)
        return await receive(trees.port1)
      } catch (error) {
        if (error instanceof ThreadEnd) {
          await end()
          throw error.reason
        }
        throw error
      } finally {
        questions.port1.off('message', answer)
      }
    },
  }
}

async function send(port: MessagePort, tree: object): Promise<void> {
  for (const piece of piecesOf(tree)) {
    port.postMessage(piece, [])
    await nextTurn()
  }
}

async function receive(port: MessagePort): Promise<unknown> {
  const builder = treeBuilder()
  for (;;) {
    const received: { message: TreePiece } | undefined = receiveMessageOnPort(port)
    if (!received) return builder.root()
    builder.add(received.message)
    await nextTurn()
  }
}

function headOf({ database, session }: Scope): ScopeHead {
  const { catalog, user, currentUser, connectionId, version, currentVersion } = session
  const { timeZone, now, currentRole, lastQueryId } = session
  return {
    database,
    session: {
      catalog,
      user,
      currentUser,
      connectionId,
      version,
      currentVersion,
      timeZone,
      now,
      currentRole,
      lastQueryId,
    },
    mayWait: session.wait !== undefined,
  }
}

function answerOf(question: Question, scope: Scope | undefined): Outcome<ScopeAnswer> {
  try {
    if (!scope) throw new Error('a statement that is only parsed asks for nothing')
    const before = scope.planning?.work ?? 0
    const value = memberOf(scope, question)
    return { error: undefined, value: { value, work: (scope.planning?.work ?? 0) - before } }
  } catch (error) {
    return { error: errorText(error) }
  }
}

/** The arguments are those that the scope's own type asks for. */
function memberOf(scope: Scope, { name, args }: Question): unknown {
  const { session } = scope
  if (name === 'sessionId') return session.sessionId
  const methods: Readonly<Record<string, unknown>> = {
    hasRole: session.hasRole,
    wait: session.wait,
    files: session.files,
    systemVariable: session.systemVariable,
    userVariable: session.userVariable,
    parameter: session.parameter,
    table: scope.table,
    external: scope.external,
    rollup: scope.rollup,
    hasDatabase: scope.hasDatabase,
  }
  const method = methods[name] as ((...given: readonly unknown[]) => unknown) | undefined
  const value = method?.(...args)
  return isTable(value) ? { ...value, source: viewSource(value.source, scope) } : value
}

const isTable = (value: unknown): value is ScopeTable =>
  typeof value === 'object' && value !== null && 'source' in value
