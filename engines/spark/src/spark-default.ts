/** Spark's own configuration: what holds for every program of it, and what its clients know of the cluster. */
import { bucketPreparation, clientFiles } from '../../hadoop/client.ts'
import { propertiesText, type Properties } from '../../../src/kernel/properties.ts'
import type { DaemonPlan } from '../../../src/substrate/local/service.ts'
import { METASTORE, warehouseOf } from './metastore.ts'

export const DEFAULTS_FILE = 'spark-defaults.conf'
/** Where applications write down what they do. */
export const EVENTS = 'hdfs:///spark-history'
const FOLDER = 'conf'

/** What clients cannot set. */
export const sparkFixed: readonly string[] = [
  'spark.driver.host',
  'spark.driver.bindAddress',
  'spark.eventLog.dir',
  'spark.executorEnv.SPARK_LOCAL_IP',
  'spark.history.fs.logDirectory',
  'spark.history.ui.port',
  'spark.local.dir',
  'spark.sql.catalogImplementation',
  'spark.sql.warehouse.dir',
  'spark.ui.port',
  'spark.yarn.appMasterEnv.SPARK_LOCAL_IP',
  'spark.yarn.archive',
  'spark.yarn.jars',
]

/** As small as it works: YARN adds the rest of what Java needs to the heap of each. */
const small: Properties = {
  'spark.sql.shuffle.partitions': 2,
  'spark.driver.memory': '512m',
  'spark.driver.memoryOverhead': '256m',
  'spark.executor.memory': '512m',
  'spark.executor.memoryOverhead': '256m',
  'spark.executor.cores': 1,
  'spark.executor.instances': 1,
  'spark.yarn.am.memory': '384m',
  'spark.yarn.am.memoryOverhead': '128m',
}

const JAVA = '-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Djava.net.preferIPv4Stack=true'

export interface Defaults {
  /** What its clients may set otherwise. */
  readonly before: Properties
  readonly own: Properties
}

/** Everything that a program of Spark's is configured with, in the first part of its class path. */
export function sparkFiles(
  plan: DaemonPlan,
  { before, own }: Defaults,
): Readonly<Record<string, string>> {
  const hasTables = plan.peers.some(({ daemon }) => daemon === METASTORE)
  const all: Properties = {
    ...small,
    'spark.driver.defaultJavaOptions': JAVA,
    'spark.executor.defaultJavaOptions': JAVA,
    'spark.yarn.am.extraJavaOptions': JAVA,
    ...before,
    ...plan.settings[DEFAULTS_FILE],
    'spark.sql.warehouse.dir': warehouseOf(plan),
    'spark.sql.catalogImplementation': hasTables ? 'hive' : 'in-memory',
    'spark.yarn.populateHadoopClasspath': false,
    // Containers listen on their node's address, by the name that YARN gives it there.
    'spark.yarn.appMasterEnv.SPARK_LOCAL_IP': '$NM_HOST',
    'spark.executorEnv.SPARK_LOCAL_IP': '$NM_HOST',
    'spark.yarn.jars': librariesOf(plan)
      .map((library) => `local:${library}/*`)
      .join(),
    ...extraClassPaths(plan),
    ...own,
  }
  return { ...clientFiles(plan), [DEFAULTS_FILE]: propertiesText(all) }
}

/** What comes to buckets has a newer Hadoop's client than Spark, which goes before. */
function librariesOf({ library, buckets }: DaemonPlan): readonly string[] {
  return buckets ? [buckets.library, library] : [library]
}

/** Of containers, where classes of ours are among what comes to buckets; what its client sets goes behind. */
function extraClassPaths(plan: DaemonPlan): Properties {
  if (!plan.buckets) return {}
  const paths = ['spark.driver.extraClassPath', 'spark.executor.extraClassPath'].map((name) => {
    const set = plan.settings[DEFAULTS_FILE]?.[name]
    const own = `${plan.directory}/${FOLDER}`
    return [name, set === undefined ? own : `${own}:${set}`] as const
  })
  return Object.fromEntries(paths)
}

/** What containers are given as well, and what whoever sends a program to YARN starts it with: nothing of the daemon's own. */
export function prepareFolder(plan: DaemonPlan): string {
  const classes = plan.buckets ? ` && cp -r org ${FOLDER}/` : ''
  const copy = `mkdir -p ${FOLDER} && cp ./*-site.xml ${DEFAULTS_FILE} ${FOLDER}/${classes} || exit 1`
  return [bucketPreparation(plan), copy].filter((text) => text !== '').join('\n')
}

export function environmentOf({ directory, host }: DaemonPlan): Readonly<Record<string, string>> {
  const folder = `${directory}/${FOLDER}`
  return {
    HADOOP_CONF_DIR: folder,
    YARN_CONF_DIR: folder,
    SPARK_CONF_DIR: folder,
    // Without it, it would take the machine's own.
    SPARK_LOCAL_IP: host,
  }
}
