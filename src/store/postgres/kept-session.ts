/**
 * A session that is opened when it is needed, and again when it was lost. What was under way then is done again from its beginning, until
 * the time for that is over: the caller waits for a database that restarts or fails over, and is refused when that takes too long.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { Fault } from '../../domain/fault.ts'
import { backoffMs } from '../../kernel/backoff.ts'
import { limits } from '../../limits.ts'
import type { Session } from './session.ts'

export interface KeptSession {
  /** Throws what `work` throws, and Overloaded when there was no database for too long. */
  use<T>(work: (session: Session) => Promise<T>): Promise<T>
  /** How many are using it. */
  readonly users: number
  close(): Promise<void>
}

const AGAIN = { firstMs: 20, mostMs: 500 }

/** `opened` is called with each new session before anybody uses it. */
export function keptSession(
  open: () => Promise<Session>,
  opened: (session: Session) => Promise<void> = async () => {},
): KeptSession {
  let current: Promise<Session> | undefined
  let users = 0
  let closed = false
  const connect = async () => {
    const session = await open()
    session.onLost(() => {
      current = undefined
      void session.end()
    })
    await opened(session)
    return session
  }
  const get = () => {
    if (current) return current
    const opening = connect()
    current = opening
    opening.catch(() => {
      if (current === opening) current = undefined
    })
    return opening
  }
  const use = async <T>(work: (session: Session) => Promise<T>): Promise<T> => {
    const untilMs = performance.now() + limits.databaseOutageMs
    for (let attempt = 1; ; attempt++) {
      let session: Session | undefined
      try {
        session = await get()
        return await work(session)
      } catch (problem) {
        const again = session === undefined || session.lost() !== undefined || session.givenUp()
        if (!again || closed) throw problem
        if (performance.now() > untilMs)
          throw new Fault('Overloaded', { what: 'the database' }, { cause: problem })
      }
      await pause(backoffMs(attempt, Math.random(), AGAIN))
    }
  }
  return {
    async use(work) {
      users++
      try {
        return await use(work)
      } finally {
        users--
      }
    },
    get users() {
      return users
    },
    async close() {
      closed = true
      await (await current?.catch(() => undefined))?.end()
    },
  }
}
