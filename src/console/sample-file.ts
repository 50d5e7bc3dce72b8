/**
 * Samples of clusters in a file of its own: averages over slots, of minutes for an hour, of ten for a day and of an hour for a week. Older
 * ones go as newer ones come, so that it has at most some 400 rows for each figure of a cluster. Nothing in it was promised to anybody: it is not
 * flushed with every write, and one that is damaged is recreated.
 */
import { rmSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'

export const spans = {
  hour: { widthMs: 60_000, lengthMs: 3_600_000 },
  day: { widthMs: 10 * 60_000, lengthMs: 24 * 3_600_000 },
  week: { widthMs: 3_600_000, lengthMs: 7 * 24 * 3_600_000 },
} as const

export type Span = keyof typeof spans
const spanNames = Object.keys(spans) as readonly Span[]

export interface Sample {
  readonly cluster: string
  readonly figure: string
  readonly value: number
}

export interface Point {
  readonly figure: string
  readonly atMs: number
  readonly value: number
}

export interface SampleFile {
  add(atMs: number, samples: readonly Sample[]): void
  /** In the order of time. */
  read(cluster: string, span: Span, nowMs: number): readonly Point[]
  readonly rows: number
  close(): void
}

export function openSamples(file: string): SampleFile {
  try {
    return samplesIn(new DatabaseSync(file))
  } catch {
    for (const end of ['', '-wal', '-shm']) rmSync(`${file}${end}`, { force: true })
    return samplesIn(new DatabaseSync(file))
  }
}

function samplesIn(database: DatabaseSync): SampleFile {
  try {
    database.exec(`pragma journal_mode = wal; pragma synchronous = off;
      create table if not exists sample (
        span text not null, cluster text not null, figure text not null, slot integer not null,
        total real not null, count integer not null,
        primary key (span, cluster, figure, slot)) without rowid`)
    const said = database.prepare('pragma quick_check(1)').get()?.['quick_check']
    if (said !== 'ok') throw new Error(String(said))
  } catch (problem) {
    database.close()
    throw problem
  }
  const insert = database.prepare(`insert into sample values (?, ?, ?, ?, ?, 1)
    on conflict do update set total = total + excluded.total, count = count + 1`)
  const expire = database.prepare('delete from sample where span = ? and slot < ?')
  const select = database.prepare(`select figure, slot, total / count as value from sample
    where span = ? and cluster = ? and slot >= ? order by figure, slot`)
  const count = database.prepare('select count(*) as rows from sample')
  const slotOf = (span: Span, atMs: number) => Math.floor(atMs / spans[span].widthMs)
  const firstOf = (span: Span, nowMs: number) => slotOf(span, nowMs - spans[span].lengthMs)
  return {
    add(atMs, samples) {
      database.exec('begin immediate')
      try {
        for (const span of spanNames) {
          const slot = slotOf(span, atMs)
          for (const { cluster, figure, value } of samples)
            insert.run(span, cluster, figure, slot, value)
          expire.run(span, firstOf(span, atMs))
        }
        database.exec('commit')
      } catch (problem) {
        database.exec('rollback')
        throw problem
      }
    },
    read: (cluster, span, nowMs) =>
      select.all(span, cluster, firstOf(span, nowMs)).map(({ figure, slot, value }) => ({
        figure: String(figure),
        atMs: Number(slot) * spans[span].widthMs,
        value: Number(value),
      })),
    get rows() {
      return Number(count.get()?.['rows'])
    },
    close: () => database.close(),
  }
}
