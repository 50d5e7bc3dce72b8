/** Spark's history server: what applications did that have ended. It makes the folder that they write that down in. */
import type { Daemon, DaemonPlan } from '../../../src/substrate/local/service.ts'
import { restJson } from '../../hadoop/client.ts'
import { HIVE_FILE, hiveSite, METASTORE } from './metastore.ts'
import { DEFAULTS_FILE, environmentOf, EVENTS, prepareFolder, sparkFiles } from './spark-default.ts'

export const history: Daemon = {
  name: 'spark-historyserver',
  process: 'SparkJobHistoryServer',
  runsOn: ({ role, place }) => role === 'master' && place === 0,
  ports: [18_080],
  after: ['hdfs-namenode', 'yarn-resourcemanager'],
  heapMib: 128,
  heapShare: 0.1,
  residentMib: 230,
  files: filesOf,
  environment: environmentOf,
  prepare: prepareFolder,
  once: () => [
    {
      name: 'events',
      main: 'org.apache.hadoop.fs.FsShell',
      // Whoever runs an application writes there.
      args: ['-Dfs.permissions.umask-mode=000', '-mkdir', '-p', EVENTS],
      retried: true,
    },
  ],
  program: () => ({
    main: 'org.apache.spark.deploy.history.HistoryServer',
    args: ['--properties-file', DEFAULTS_FILE],
  }),
  async probe({ host, ports: [port = 0] }) {
    await restJson(host, port, '/api/v1/applications?limit=1')
    return { answering: true }
  },
  endpoints: ({ ports: [port = 0] }) => [{ name: 'spark-history-http', port }],
}

function filesOf(plan: DaemonPlan): Readonly<Record<string, string>> {
  const { ports, peers } = plan
  const files = sparkFiles(plan, {
    before: { 'spark.master': 'yarn', 'spark.eventLog.enabled': true },
    own: {
      'spark.eventLog.dir': EVENTS,
      'spark.history.fs.logDirectory': EVENTS,
      'spark.history.ui.port': ports[0] ?? 0,
    },
  })
  const hasTables = peers.some(({ daemon }) => daemon === METASTORE)
  return hasTables ? { ...files, [HIVE_FILE]: hiveSite(plan) } : files
}
