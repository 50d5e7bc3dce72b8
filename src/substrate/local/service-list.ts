/** The services that clusters on this machine can have, in the order in which they are started. */
import { clickhouse } from '../../../engines/clickhouse/service.ts'
import { flink } from '../../../engines/flink/service.ts'
import { hdfs, yarn } from '../../../engines/hadoop/service.ts'
import { hbase } from '../../../engines/hbase/service.ts'
import { kafka } from '../../../engines/kafka/service.ts'
import { openldap } from '../../../engines/openldap/service.ts'
import { hive, spark } from '../../../engines/spark/service.ts'
import { trino } from '../../../engines/trino/service.ts'
import { zookeeper } from '../../../engines/zookeeper/service.ts'
import type { Service } from './service.ts'

export const services: readonly Service[] = [
  openldap,
  zookeeper,
  hdfs,
  yarn,
  kafka,
  clickhouse,
  hive,
  spark,
  flink,
  hbase,
  trino,
]

/** Families of clusters that are made of them. */
export const serviceFamilies = ['hadoop', 'kafka', 'clickhouse'] as const

/** Components that every cluster of some product has to have, and that do not run here. */
export const skipped: readonly string[] = ['knox']
