/**
 * Spark, Hive's metastore, and what answers SQL in Hive's protocol: Spark's own server of it. Hive's engines MapReduce and Tez do not
 * run.
 */
import type { Service } from '../../src/substrate/local/service.ts'
import { database } from './src/database.ts'
import { history } from './src/history.ts'
import { executions, statements } from './src/inquiry.ts'
import { hiveJob, sparkJob } from './src/job.ts'
import { HIVE_FILE, hiveFixed, metastore } from './src/metastore.ts'
import { DEFAULTS_FILE, sparkFixed } from './src/spark-default.ts'
import { unmetLogin, sqlServer } from './src/sql-server.ts'

export const hive: Service = {
  name: 'hive',
  components: ['hive'],
  version: '2.3.9 (metastore) with the SQL of Spark 3.5.8',
  part: 'spark',
  keepsMetadata: true,
  buckets: 'spark-s3a',
  configurable: { [HIVE_FILE]: hiveFixed },
  unmetSetting: unmetLogin,
  daemons: [database, metastore, sqlServer],
  jobs: [hiveJob],
  inquiries: (plan) => ({
    statements: (begun) => statements(plan, begun),
    executions: (begun) => executions(plan, begun),
  }),
}

export const spark: Service = {
  name: 'spark',
  components: ['spark', 'spark_hadoop2.7', 'spark_hadoop2.8'],
  version: '3.5.8',
  part: 'spark',
  buckets: 'spark-s3a',
  configurable: { [DEFAULTS_FILE]: sparkFixed },
  daemons: [history],
  jobs: [sparkJob],
  inquiries: (plan) => ({ executions: (begun) => executions(plan, begun) }),
}
