/** SUBMIT TASK and DROP TASK. A task runs with the rights, the database and the variables that its session had. */
import { allows, systemTarget } from '../../catalog/authority.ts'
import { hasCredential } from '../../file/object-property.ts'
import { internalExecution } from '../../execution/internal-execution.ts'
import type { Execution } from '../../execution/execution.ts'
import { done } from '../../execution/result.ts'
import { variableOf } from '../../execution/statement-context.ts'
import type { Task } from '../../execution/task.ts'
import { text, virtualColumns } from '../../information/virtual-table.ts'
import { SqlError } from '../../session.ts'
import type { Result } from '../../session.ts'
import type { Statement } from '../../sql/ast.ts'
import type { SessionStatement } from '../../sql/ast-session.ts'
import { refuseTemporarySource } from '../ddl/temporary-table.ts'
import { directRows } from '../show/show.ts'

type Of<Kind extends SessionStatement['kind']> = Extract<SessionStatement, { kind: Kind }>
type Run = (execution: Execution, statement: Statement) => Promise<Result>

export function submitTask(execution: Execution, submit: Of<'submitTask'>, run: Run): Result {
  const { engine, state } = execution
  refuseTemporarySource(execution, submit.statement)
  const queryId = engine.random.uuid()
  const kind = submit.statement.kind === 'insert' ? 'insert' : 'ctas'
  const name = submit.name ?? `${kind}-${queryId}`
  const facts = {
    name,
    queryId,
    user: state.user,
    userId: state.authority.userId,
    database: submit.database ?? state.database ?? '',
    definition: (execution.fileLists ?? []).some(hasCredential)
      ? `(${submit.statement.kind}: the text is withheld)`
      : submit.definition,
  }
  let cancel: (() => void) | undefined
  let cancelled = false
  engine.tasks.submit(facts, {
    async run() {
      const { own, end } = await ownExecution(execution, facts.database)
      try {
        cancel = () => own.guard.cancel('interrupt')
        if (cancelled) cancel()
        await run(own, submit.statement)
      } catch (error) {
        if (!(error instanceof SqlError))
          engine.log.error({ reason: String(error) }, 'a task failed')
        throw own.guard.explain(error)
      } finally {
        end()
      }
    },
    cancel() {
      cancelled = true
      cancel?.()
    },
  })
  const columns = virtualColumns({ TaskName: text, Status: text })
  return directRows({ database: '', name: 'task', columns, rows: [[name, 'SUBMITTED']] })
}

/** Hints of the submission are those of the run; without one, it may take as long as an INSERT. */
async function ownExecution(execution: Execution, database: string) {
  const { engine, state, overrides, hintVariables, fileLists = [] } = execution
  const limit = overrides.has('query_timeout') ? 'query_timeout' : 'insert_timeout'
  const { execution: bare, end } = await internalExecution(engine, {
    user: state.user,
    userId: state.authority.userId,
    timeoutSeconds: Number(variableOf(execution, limit)),
  })
  const own: Execution = {
    ...bare,
    overrides,
    hintVariables,
    fileLists,
    state: {
      ...bare.state,
      authority: state.authority,
      variables: new Map(state.variables),
      database: database === '' ? undefined : database,
    },
  }
  return { own, end }
}

export function dropTask(execution: Execution, { name }: Of<'dropTask'>): Result {
  const { tasks, store } = execution.engine
  const task = tasks.list().find((each) => each.name === name)
  const { authority } = execution.state
  const isOwn = (each: Task) => each.userId === authority.userId
  const may = (each: Task) =>
    isOwn(each) || allows(store.current, authority, ['OPERATE'], systemTarget)
  if (!task || !may(task))
    throw new SqlError(`Getting analyzing error. Detail message: Task ${name} is not exist.`)
  tasks.drop(name)
  return done()
}
