/** The thread: reads and translates one statement after the other. Names it asks its owner for, and stands still meanwhile. */
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads'
import type { Expression, Query } from '../ast.ts'
import { parseStatements } from '../parse.ts'
import { addWork, newPlanning } from '../planning.ts'
import type { Scope } from '../scope.ts'
import { translateExpression, translateQuery } from '../translate.ts'
import type { ExpressionSource } from '../translate.ts'
import { errorOf, errorText } from './thread-message.ts'
import type { ScopeAnswer, Job, Outcome, ScopeHead, ThreadPorts } from './thread-message.ts'
import { piecesOf, treeBuilder } from './tree-piece.ts'
import type { TreePiece } from './tree-piece.ts'

const { trees, questions, answered } = workerData as ThreadPorts

parentPort?.on('message', (job: Job) => {
  const outcome = outcomeOf(job)
  if (outcome.error === undefined) {
    for (const piece of piecesOf(outcome.value)) trees.postMessage(piece, [])
    parentPort?.postMessage({ error: undefined, value: undefined }, [])
  } else parentPort?.postMessage(outcome, [])
})

function outcomeOf(job: Job): Outcome<object> {
  try {
    return { error: undefined, value: resultOf(job) }
  } catch (error) {
    return { error: errorText(error) }
  }
}

function resultOf(job: Job): object {
  const tree = givenTree() as {
    readonly text: string | undefined
    readonly query: Query
    readonly expression: Expression
    readonly sources: readonly ExpressionSource[]
  }
  if (job.kind === 'parse') return parseStatements(tree.text ?? '', job.options)
  const scope = askedScope(job.head, tree.text)
  return job.kind === 'query'
    ? translateQuery(tree.query, scope)
    : translateExpression(tree.expression, scope, tree.sources)
}

/** It was sent before the job. */
function givenTree(): unknown {
  const builder = treeBuilder()
  for (;;) {
    const received: { message: TreePiece } | undefined = receiveMessageOnPort(trees)
    if (!received) return builder.root()
    builder.add(received.message)
  }
}

function askedScope({ database, session, mayWait }: ScopeHead, text: string | undefined): Scope {
  const planning = newPlanning()
  const ask = (name: string, ...args: readonly unknown[]): unknown => {
    const { value, work } = answerTo(name, args)
    addWork(planning, work)
    return value
  }
  const asking = <T>(name: string) =>
    ((...args: readonly unknown[]) => ask(name, ...args)) as unknown as T
  return {
    planning,
    ...(text !== undefined && { text }),
    database,
    session: {
      ...session,
      hasRole: asking('hasRole'),
      get sessionId() {
        return String(ask('sessionId'))
      },
      wait: mayWait ? asking('wait') : undefined,
      files: asking('files'),
      systemVariable: asking('systemVariable'),
      userVariable: asking('userVariable'),
      parameter: asking('parameter'),
    },
    table: asking('table'),
    external: asking('external'),
    rollup: asking('rollup'),
    hasDatabase: asking('hasDatabase'),
  }
}

function answerTo(name: string, args: readonly unknown[]): ScopeAnswer {
  Atomics.store(answered, 0, 0)
  questions.postMessage({ name, args }, [])
  Atomics.wait(answered, 0, 0)
  const received: { message: Outcome<ScopeAnswer> } | undefined = receiveMessageOnPort(questions)
  const outcome = received?.message
  if (outcome === undefined) throw new Error(`no answer to ${name}`)
  if (outcome.error !== undefined) throw errorOf(outcome.error)
  return outcome.value
}
