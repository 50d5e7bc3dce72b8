/** Clients of Hive and Spark, as their makers ship them: Beeline, and `spark-sql` on YARN. */
import { execFile } from 'node:child_process'
import { globSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { javaOf } from './emr-cluster.ts'
import { cachedSet } from './module.ts'

const CLIENT_MS = 600_000

/** The rows of all statements, with tabs between their columns; rejects when one is refused. */
export async function beeline(
  host: string,
  statements: readonly string[],
  { port = 10_000, user = 'hadoop', password = '' } = {},
): Promise<readonly string[]> {
  const each = statements.flatMap((statement) => ['-e', `${statement};`])
  const form = ['--outputformat=tsv2', '--showHeader=false', '--silent=true']
  const { stdout } = await promisify(execFile)(
    javaOf(),
    [
      '-Xmx256m',
      '-XX:TieredStopAtLevel=1',
      '-XX:+UseSerialGC',
      '-cp',
      `${cachedSet('spark')}/*`,
      'org.apache.hive.beeline.BeeLine',
      '-u',
      `jdbc:hive2://${host}:${port}/default`,
      '-n',
      user,
      '-p',
      password,
      ...form,
      ...each,
    ],
    { timeout: CLIENT_MS },
  )
  return stdout.split('\n').filter((line) => line !== '')
}

const OPENED = ['java.lang', 'java.lang.invoke', 'java.util', 'java.nio', 'java.net', 'sun.nio.ch']

export interface SparkRun {
  readonly host: string
  readonly sql: string
  /** With what comes to buckets. */
  readonly buckets?: boolean
}

/** What an application on YARN prints of these statements, configured as the cluster's own programs are. */
export async function sparkSql(
  dataDir: string,
  { host, sql, buckets = false }: SparkRun,
): Promise<string> {
  const [folder = ''] = globSync(join(dataDir, 'local/*/spark-historyserver/*/conf'))
  const opens = OPENED.map((name) => `--add-opens=java.base/${name}=ALL-UNNAMED`)
  const { stdout } = await promisify(execFile)(
    javaOf(),
    [
      '-Xmx512m',
      '-XX:TieredStopAtLevel=1',
      '-XX:+UseSerialGC',
      ...opens,
      '-cp',
      [folder, ...(buckets ? [`${cachedSet('spark-s3a')}/*`] : []), `${cachedSet('spark')}/*`].join(
        ':',
      ),
      'org.apache.spark.deploy.SparkSubmit',
      '--class',
      'org.apache.spark.sql.hive.thriftserver.SparkSQLCLIDriver',
      'spark-internal',
      '-e',
      sql,
    ],
    {
      env: {
        ...process.env,
        HADOOP_USER_NAME: 'hadoop',
        HADOOP_CONF_DIR: folder,
        SPARK_CONF_DIR: folder,
        SPARK_LOCAL_IP: host,
      },
      timeout: CLIENT_MS,
    },
  )
  return stdout
}
