/** Tables that others wrote into an instance's object storage, read by an instance on this machine that the vendor's API made. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import type { Connection } from 'mysql2/promise'
import { skipWithoutLake } from '../../engines/starrocks/test/support/lake-client.ts'
import { startLakeInstance } from '../support/fixture/lake-instance.ts'

const skip = skipWithoutLake

/** Until the engine has been given the key of its object storage, which follows each start. */
async function rowsOf(connection: Connection, sql: string): Promise<unknown[][]> {
  for (let look = 0; ; look++) {
    try {
      const [rows] = await connection.query({ sql, rowsAsArray: true })
      return rows as unknown[][]
    } catch (problem) {
      if (look > 200 || !/not been given the key/.test((problem as Error).message)) throw problem
      await pause(50)
    }
  }
}

test(
  'tables of Iceberg and Delta Lake in the bucket of an instance are read, with the rights of its role',
  { skip },
  async (t) => {
    const instance = await startLakeInstance(t)
    const sql = await instance.logIn()
    await sql.query(
      `CREATE EXTERNAL CATALOG ice PROPERTIES ("type" = "iceberg", "iceberg.catalog.type" = "hadoop", "iceberg.catalog.warehouse" = "oss://bucket-a/ice/")`,
    )
    await sql.query(
      `CREATE EXTERNAL CATALOG delta PROPERTIES ("type" = "deltalake", "deltalake.catalog.type" = "hadoop", "deltalake.catalog.warehouse" = "oss://bucket-a/delta/")`,
    )
    assert.deepEqual(
      await rowsOf(sql, 'SELECT number, region FROM ice.sales.parts ORDER BY number'),
      [
        [2, 'ü'],
        [3, null],
        [9, 'z'],
      ],
    )
    assert.deepEqual(await rowsOf(sql, 'SELECT count(*), max(id) FROM delta.sales.cp'), [[5, 9]])
    await instance.kill()
    const again = await instance.logIn()
    assert.deepEqual(await rowsOf(again, 'SELECT count(*) FROM ice.sales.all_types'), [[5]])
  },
)
