/** MapReduce's history: what jobs have done is kept in HDFS, and shown by a server of its own on the first master. */
import type { Daemon, DaemonPeer, DaemonPlan, Probe } from '../../../src/substrate/local/service.ts'
import { figuresOf } from './figure.ts'
import { bucketPreparation } from './bucket.ts'
import { environmentOf } from './hdfs.ts'
import { restJson, type Properties } from './site.ts'

const HISTORY_SERVER = 'yarn-jobhistoryserver'

const MAIN = 'org.apache.hadoop.mapreduce.v2.hs.JobHistoryServer'

/** `files`: what every daemon of YARN is configured with. */
export function historyServer(
  files: (plan: DaemonPlan) => Readonly<Record<string, string>>,
): Daemon {
  return {
    name: HISTORY_SERVER,
    process: 'JobHistoryServer',
    runsOn: ({ role, place }) => role === 'master' && place === 0,
    ports: [10020, 19888, 10033],
    after: ['hdfs-namenode'],
    heapMib: 96,
    heapShare: 0.1,
    residentMib: 180,
    files,
    environment: environmentOf,
    prepare: (plan) => bucketPreparation(plan),
    program: ({ directory }) => ({
      main: MAIN,
      options: [`-Dhadoop.log.dir=${directory}`, '-Dhadoop.log.file=daemon.log'],
    }),
    probe,
    figures: figuresOf({ service: 'JobHistoryServer', port: 1 }),
  }
}

async function probe({ host, ports: [, http = 0] }: DaemonPlan): Promise<Probe> {
  await restJson(host, http, '/ws/v1/history/info')
  return { answering: true }
}

export function historyServerOf({ peers }: DaemonPlan): DaemonPeer | undefined {
  return peers.find(({ daemon }) => daemon === HISTORY_SERVER)
}

/** Where whoever has a job done finds it, of `mapred-site.xml`. */
export function historySite(plan: DaemonPlan): Properties {
  const server = historyServerOf(plan)
  if (!server) return {}
  const { host, ports } = server
  const [rpc, http, admin] = ports
  return {
    'mapreduce.jobhistory.address': `${host}:${rpc}`,
    'mapreduce.jobhistory.webapp.address': `${host}:${http}`,
    'mapreduce.jobhistory.admin.address': `${host}:${admin}`,
  }
}
