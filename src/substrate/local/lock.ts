/** What the engines of this machine need beside what is installed, as their folders pin it. */
import flink from '../../../engines/flink/lock.json' with { type: 'json' }
import hadoop from '../../../engines/hadoop/lock.json' with { type: 'json' }
import hbase from '../../../engines/hbase/lock.json' with { type: 'json' }
import kafka from '../../../engines/kafka/lock.json' with { type: 'json' }
import objectStore from '../../../engines/object-store/lock.json' with { type: 'json' }
import spark from '../../../engines/spark/lock.json' with { type: 'json' }
import starrocks from '../../../engines/starrocks/lock.json' with { type: 'json' }
import trino from '../../../engines/trino/lock.json' with { type: 'json' }
import zookeeper from '../../../engines/zookeeper/lock.json' with { type: 'json' }
import type { EngineLock } from '../../artifact/lock.ts'

export const starrocksLock = starrocks as EngineLock
export const objectStoreLock = objectStore as EngineLock

/** Of the services of EMR clusters. */
export const serviceLocks = [
  zookeeper,
  hadoop,
  kafka,
  spark,
  flink,
  hbase,
  trino,
] as readonly EngineLock[]

export const engineLocks: readonly EngineLock[] = [starrocksLock, objectStoreLock, ...serviceLocks]
