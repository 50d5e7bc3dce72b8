/**
 * What HBase's region servers count of each table (HBase 2.6, the beans `Tables` and `TableRequests_…`). A table is on several of them: what all
 * say is added up. They count again after each start, and every few seconds.
 */
import { beans, type Bean } from '../../hadoop/client.ts'
import type { TableLoad } from '../../../src/substrate/local/service.ts'

export interface RegionServerAt {
  readonly host: string
  readonly rpc: number
  readonly http: number
}

/** Of the one that is named, or of all that answer; rejects when none does. */
export async function tableLoads(
  servers: readonly RegionServerAt[],
  server?: string,
): Promise<readonly TableLoad[]> {
  const asked = servers.filter(
    ({ host, rpc }) => server === undefined || server === `${host}:${rpc}`,
  )
  const ends = await Promise.allSettled(asked.map(loadsAt))
  const answers = ends.flatMap((end) => (end.status === 'fulfilled' ? [end.value] : []))
  const failed = ends.find((end) => end.status === 'rejected')
  if (answers.length === 0 && failed) throw failed.reason
  const all = new Map<string, TableLoad>()
  for (const load of answers.flat()) {
    const key = `${load.namespace}:${load.name}`
    all.set(key, added(all.get(key), load))
  }
  return [...all.values()]
}

function added(was: TableLoad | undefined, load: TableLoad): TableLoad {
  if (!was) return load
  const sum = (figure: (of: TableLoad) => number) => figure(was) + figure(load)
  return {
    namespace: load.namespace,
    name: load.name,
    readsPerSecond: sum((of) => of.readsPerSecond),
    writesPerSecond: sum((of) => of.writesPerSecond),
    memoryBytes: sum((of) => of.memoryBytes),
    fileBytes: sum((of) => of.fileBytes),
    files: sum((of) => of.files),
  }
}

const SERVER = 'Hadoop:service=HBase,name=RegionServer'
const TABLE = /^Namespace_(.+?)_table_(.+)_metric_regionCount$/

async function loadsAt({ host, http }: RegionServerAt): Promise<readonly TableLoad[]> {
  const [[tables = {}], requests] = await Promise.all([
    beans(host, http, `${SERVER},sub=Tables`),
    beans(host, http, `${SERVER},sub=TableRequests_*`),
  ])
  return Object.keys(tables).flatMap((attribute) => {
    const [, namespace, name] = TABLE.exec(attribute) ?? []
    if (namespace === undefined || name === undefined) return []
    const prefix = `Namespace_${namespace}_table_${name}`
    const size = (figure: string) => numberOf(tables, `${prefix}_metric_${figure}`)
    const own = requests.find((bean) => bean['name'] === `${SERVER},sub=TableRequests_${prefix}`)
    const rate = (kind: string) => numberOf(own ?? {}, `Table${kind}QueryPerSecond_1min_rate`)
    return {
      namespace,
      name,
      readsPerSecond: rate('Read'),
      writesPerSecond: rate('Write'),
      memoryBytes: size('memStoreSize'),
      fileBytes: size('storeFileSize'),
      files: size('storeFileCount'),
    }
  })
}

function numberOf(bean: Bean, name: string): number {
  const value = bean[name]
  return typeof value === 'number' ? value : 0
}
