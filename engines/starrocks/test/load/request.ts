/** A load of everything into `d.t`, to be changed where a test cares; and a table for it. */
import type { Load, LoadRequest, LoadRow } from '../../src/load-sink.ts'

export const request = (more: Partial<LoadRequest> = {}): LoadRequest => ({
  user: { user: 'admin', host: '%' },
  database: 'd',
  table: 't',
  label: undefined,
  columns: undefined,
  where: undefined,
  partitions: [],
  maxFilterRatio: 0,
  strict: false,
  partialUpdate: false,
  mergeCondition: undefined,
  timeZone: undefined,
  timeoutSeconds: 600,
  ...more,
})

export const PRIMARY = `CREATE TABLE t (k INT, v INT, s VARCHAR(5) DEFAULT "none", n INT NOT NULL DEFAULT "0") PRIMARY KEY(k) DISTRIBUTED BY HASH(k)`

export async function writeRows(
  load: Load,
  rows: readonly LoadRow[],
  bytes: number,
): Promise<void> {
  await load.write(
    rows.map((row) => load.encode(row)),
    bytes,
  )
}
