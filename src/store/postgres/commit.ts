/**
 * Commits. The writes of all servers take turns: a batch begins by taking the one lock that there is for it, so that units of work run one
 * after the other over all servers as they do in the embedded store, and none is ever undone because of another (docs/adr/0038). A batch
 * whose connection is lost is run again. When it was lost while committing, a counter of this server, which the batch raised, says whether
 * it is done.
 */
import { statements } from '../statement.ts'
import { runUnits, type BatchTransaction, type BatchWriter, type Unit } from '../write-queue.ts'
import type { KeptSession } from './kept-session.ts'
import type { Session } from './session.ts'

/** `emry`, as a number. */
const LOCK = 0x65_6d_72_79
export const BEGIN = `begin isolation level read committed; select pg_advisory_xact_lock(${LOCK})`
export const WORK = 'emrys_work'

export interface CommitParts {
  readonly writing: KeptSession
  /** Names this process, and a counter of its commits. */
  readonly counter: string
  readonly writerOf: (session: Session) => BatchWriter
  begins(): void
  /** The due time of the earliest item that became free to be leased; Infinity for none. */
  earliest(): number
  committed(): void
}

/** Takes batches, one at a time; settles every unit of one, and does not reject. */
export function committer(parts: CommitParts): (batch: readonly Unit[]) => Promise<void> {
  const { writing, counter } = parts
  let commits = 0
  /** A batch was given up that may be committed all the same. */
  let unsure = false
  return async (batch) => {
    let attempted = false
    let problems: ReadonlyMap<Unit, unknown> = new Map()
    /** Behind the lock, so that a commit that was under way is over. */
    const isDone = async (session: Session): Promise<boolean> => {
      const known = await commitsOf(session, counter)
      const done = attempted && known > commits
      commits = known
      unsure = false
      attempted = done
      return done
    }
    try {
      await writing.use(async (session) => {
        session.takeChanged()
        session.send(BEGIN)
        // What is known does not depend on how the rollback ends.
        if ((attempted || unsure) && (await isDone(session))) return session.send('rollback')
        parts.begins()
        problems = await runUnits(transactionOf(session), parts.writerOf(session), batch)
        if (!session.takeChanged() || problems.size === batch.length)
          return session.send('rollback')
        attempted = true
        commits = await commit(session, parts)
      })
    } catch (problem) {
      unsure ||= attempted
      // Nobody may believe that any of it became durable.
      for (const unit of batch) unit.settle(problems.get(unit) ?? problem)
      return
    }
    if (attempted) parts.committed()
    for (const unit of batch) unit.settle(problems.get(unit))
  }
}

/** Returns how many commits there have been. */
async function commit(session: Session, { counter, earliest }: CommitParts): Promise<number> {
  const counted = session.first(statements.count, [counter, 1])
  const dueMs = earliest()
  if (dueMs !== Infinity) session.send(`select pg_notify('${WORK}', '${dueMs} ${counter}')`)
  const [row, done] = await Promise.all([counted, session.exec('commit')])
  if (done !== 'COMMIT') throw new Error('a unit of work continued after a statement had failed')
  return Number(row?.['value'])
}

async function commitsOf(session: Session, counter: string): Promise<number> {
  const row = await session.first(statements.counted, [counter])
  return Number(row?.['value'] ?? 0)
}

function transactionOf(session: Session): BatchTransaction {
  return {
    send: (sql) => session.send(sql),
    exec: (sql) => session.exec(sql),
    isOver: () => session.lost() !== undefined || session.givenUp(),
  }
}
