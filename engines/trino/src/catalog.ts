/**
 * The catalogs of Trino: samples and tables in memory, and the tables of the cluster's metastore where it has one. Each plugin has a
 * folder of its own, and a class loader; catalogs are the files of another folder.
 */
import { propertiesText, type Properties } from '../../../src/kernel/properties.ts'
import type { DaemonPlan, Plugin } from '../../../src/substrate/local/service.ts'
import { clientFiles } from '../../hadoop/client.ts'

const METASTORE = 'hive-metastore'
/** What reaches HDFS is in a folder of the plugin that needs it. */
const FILE_SYSTEM = 'trino-hdfs'

interface Catalog {
  readonly name: string
  readonly part: string
  /** What clients cannot set. */
  readonly fixed: readonly string[]
  /** Undefined where the cluster has none. */
  properties(plan: DaemonPlan): Properties | undefined
  readonly beside?: string
}

const CONNECTOR = 'connector.name'

const catalogs: readonly Catalog[] = [
  {
    name: 'tpch',
    part: 'trino-tpch',
    fixed: [CONNECTOR],
    properties: () => ({ [CONNECTOR]: 'tpch' }),
  },
  {
    name: 'memory',
    part: 'trino-memory',
    fixed: [CONNECTOR],
    properties: () => ({ [CONNECTOR]: 'memory' }),
  },
  {
    name: 'hive',
    part: 'trino-hive',
    beside: 'hive',
    fixed: [
      CONNECTOR,
      'hive.metastore',
      'hive.metastore.uri',
      'hive.config.resources',
      'hive.hdfs.authentication.type',
      'hive.metastore.authentication.type',
      'fs.hadoop.enabled',
    ],
    properties: (plan) => {
      const uris = metastoresOf(plan)
      if (uris.length === 0) return undefined
      return {
        // As it is with the tables that Spark makes here, which are not the metastore's own.
        'hive.non-managed-table-writes-enabled': true,
        ...plan.settings['hive.properties'],
        [CONNECTOR]: 'hive',
        'hive.metastore': 'thrift',
        'hive.metastore.uri': uris.join(','),
        'hive.config.resources': `${plan.directory}/core-site.xml,${plan.directory}/hdfs-site.xml`,
        'fs.hadoop.enabled': true,
      }
    },
  },
]

export const plugins: readonly Plugin[] = [
  ...catalogs.map(({ name, part, fixed, beside }) => ({
    part,
    ...(beside === undefined ? {} : { beside }),
    configurable: { [`${name}.properties`]: fixed },
  })),
  { part: FILE_SYSTEM, beside: 'hive' },
]

function metastoresOf({ peers }: DaemonPlan): readonly string[] {
  return peers
    .filter(({ daemon }) => daemon === METASTORE)
    .map(({ host, ports: [port] }) => `thrift://${host}:${port}`)
}

/** Those that the cluster has, each with what its file says. */
function ownCatalogs(plan: DaemonPlan): readonly (readonly [Catalog, Properties])[] {
  return catalogs.flatMap((catalog) => {
    const properties = catalog.properties(plan)
    const own = plan.settings[`${catalog.name}.properties`]
    return properties ? [[catalog, { ...own, ...properties }] as const] : []
  })
}

export function catalogFiles(plan: DaemonPlan): Readonly<Record<string, string>> {
  const own = ownCatalogs(plan).map(([{ name }, properties]) => [
    `${name}.properties`,
    propertiesText(properties),
  ])
  const needsFiles = ownCatalogs(plan).some(([{ beside }]) => beside !== undefined)
  return { ...(needsFiles ? clientFiles(plan) : {}), ...Object.fromEntries(own) }
}

/** Shell: links to what is the machine's, recreated at every start, so that none is left of what is gone. */
export function catalogPreparation(plan: DaemonPlan): string {
  const folderOf = (part: string) => quoted(plan.plugins?.[part] ?? '')
  const lines = ownCatalogs(plan).flatMap(([{ name, part, beside }]) => [
    `mkdir plugin/${name} && ln -s ${folderOf(part)}/*.jar plugin/${name}/ || exit 1`,
    ...(beside === undefined
      ? []
      : [`ln -s ${folderOf(FILE_SYSTEM)} plugin/${name}/hdfs || exit 1`]),
    `ln -s ../${name}.properties catalog/${name}.properties || exit 1`,
  ])
  return ['rm -rf catalog plugin', 'mkdir catalog plugin || exit 1', ...lines].join('\n')
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}
