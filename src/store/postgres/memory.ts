/** The shared memory of a PostgreSQL store: tables that are not logged, in commits that wait for no disk. */
import { randomInt } from 'node:crypto'
import type { SharedMemory } from '../shared-memory.ts'
import { keptSession } from './kept-session.ts'
import type { Session } from './session.ts'

const NOW_MS = 'floor(extract(epoch from clock_timestamp()) * 1000)::bigint'
const SECOND = 'floor(extract(epoch from clock_timestamp()))::bigint'

// A claim that is repeated after its connection was lost is the same one by its holder.
const CLAIM = `insert into claim (key, holder, until_ms) values (?, ?, ${NOW_MS} + ?) on conflict (key) do update
  set holder = excluded.holder, until_ms = excluded.until_ms
  where claim.until_ms <= ${NOW_MS} or claim.holder = excluded.holder`
const TICK = `insert into tick (key, second, count) values (?, ${SECOND}, 1) on conflict (key) do update
  set count = case when tick.second = excluded.second then tick.count + 1 else 1 end, second = excluded.second returning count`
const NOTE = `insert into note (key, value, until_ms) values (?, ?, ${NOW_MS} + ?) on conflict (key) do update
  set value = excluded.value, until_ms = excluded.until_ms`
const NOTED = `select value from note where key = ? and until_ms > ${NOW_MS}`
const FORGET = `delete from claim where until_ms <= ${NOW_MS}; delete from note where until_ms <= ${NOW_MS};
  delete from tick where second < ${SECOND} - 1`

const FORGET_EVERY_MS = 60_000
const MAX_HOLDER = 2 ** 48 - 1

export function postgresMemory(
  open: () => Promise<Session>,
): SharedMemory & { close(): Promise<void> } {
  const kept = keptSession(open, async (session) => {
    await session.exec('set synchronous_commit = off')
  })
  const timer = setInterval(() => {
    kept.use((session) => session.exec(FORGET)).catch(() => {})
  }, FORGET_EVERY_MS).unref()
  return {
    async claim(key, keepMs) {
      const holder = randomInt(1, MAX_HOLDER)
      return (await kept.use(async (session) => session.run(CLAIM, [key, holder, keepMs]))) > 0
    },
    async tick(key) {
      return Number((await kept.use(async (session) => session.first(TICK, [key])))?.['count'])
    },
    async note(key, value, keepMs) {
      await kept.use(async (session) => session.run(NOTE, [key, value, keepMs]))
    },
    async noted(key) {
      const value = (await kept.use(async (session) => session.first(NOTED, [key])))?.['value']
      return typeof value === 'number' ? value : undefined
    },
    async close() {
      clearInterval(timer)
      await kept.close()
    },
  }
}
