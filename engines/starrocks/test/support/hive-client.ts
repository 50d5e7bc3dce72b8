/** An engine with a catalog `h` of a stand-in metastore, whose tables' files DuckDB wrote. */
import { DuckDBInstance } from '@duckdb/node-api'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { temporaryDirectory } from '../../../../test/support/process/directory.ts'
import { hiveMetastoreServer } from './hive-metastore.ts'
import type { StandInTable } from './hive-metastore.ts'
import { lakeClient } from './lake-client.ts'

export const createHive = (uri: string, more = '') =>
  `CREATE EXTERNAL CATALOG h PROPERTIES ("type" = "hive", "hive.metastore.uris" = "${uri}"${more})`

export async function hiveClient(t: TestContext, tables: Readonly<Record<string, StandInTable>>) {
  const metastore = await hiveMetastoreServer(t, tables)
  const opened = await lakeClient(t, { hiveMetastores: [metastore.uri] })
  await opened.client.run(createHive(metastore.uri))
  return { ...opened, metastore }
}

/** The bytes of a file of Parquet with these rows. */
export async function parquetOf(t: TestContext, query: string): Promise<Buffer> {
  const path = join(temporaryDirectory(t), 'rows.parquet')
  const connection = await (await DuckDBInstance.create(':memory:')).connect()
  await connection.run(`COPY (${query}) TO '${path}' (FORMAT parquet)`)
  connection.closeSync()
  return readFileSync(path)
}

/** One row of Spark 3.5.8's: `Id` 1, and `ts` 2024-02-29 12:34:56.789 UTC in the form that it and Hive write (INT96). */
export const sparkParquet = Buffer.from(
  'UEFSMRUAFQgVDBWip/vxChwVAhUAFQgVCAAABAwBAAAAFQQVGBUcFaab5IINPBUCFQQAAAwsQI8EezIpAADSiiUAFQAVEBUUFfKrkK8OHBUCFQQVBhUIAAAIHAIAAAADAQADGRECGRgEAQAAABkYBAEAAAAVAhkWAAAZHBYIFToWAAAAGRwWhAEVQhYAAAAVAhk8SAxzcGFya19zY2hlbWEVBAAVAiUAGAJJZAAVBiUCGAJ0cwAWAhkcGSwmCBwVAhklCAAZGAJJZBUCFgIWNhY6Jgg8GAQBAAAAGAQBAAAAFgAoBAEAAAAYBAEAAAAAGRwVABUAFQIAABb0ARUUFsYBFS4AJoQBHBUGGTUECAYZGAJ0cxUCFgIWfBaEASaEASZCHBgMQI8EezIpAADSiiUAGAxAjwR7MikAANKKJQAWACgMQI8EezIpAADSiiUAGAxAjwR7MikAANKKJQAAGSwVBBUEFQIAFQAVBBUCAAAWiAIVFgAWsgEWAiYIFr4BFAAAGSwYGG9yZy5hcGFjaGUuc3BhcmsudmVyc2lvbhgFMy41LjgAGClvcmcuYXBhY2hlLnNwYXJrLnNxbC5wYXJxdWV0LnJvdy5tZXRhZGF0YRiZAXsidHlwZSI6InN0cnVjdCIsImZpZWxkcyI6W3sibmFtZSI6IklkIiwidHlwZSI6ImludGVnZXIiLCJudWxsYWJsZSI6ZmFsc2UsIm1ldGFkYXRhIjp7fX0seyJuYW1lIjoidHMiLCJ0eXBlIjoidGltZXN0YW1wIiwibnVsbGFibGUiOnRydWUsIm1ldGFkYXRhIjp7fX1dfQAYSnBhcnF1ZXQtbXIgdmVyc2lvbiAxLjEzLjEgKGJ1aWxkIGRiNDE4MzEwOWQ1YjczNGVjNTkzMGQ4NzBjZGFlMTYxZTQwOGRkYmEpGSwcAAAcAAAANQIAAFBBUjE=',
  'base64',
)
