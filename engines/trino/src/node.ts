/** What the daemons of Trino have in common: how they are configured and started, and what they say of themselves. */
import type { ServerAddress } from '../../../src/kernel/exchange.ts'
import { propertiesText, type Properties } from '../../../src/kernel/properties.ts'
import type {
  DaemonPeer,
  DaemonPlan,
  JavaProgram,
  Probe,
} from '../../../src/substrate/local/service.ts'
import { catalogFiles } from './catalog.ts'
import { getJson } from './rest.ts'

export const COORDINATOR = 'trino-coordinator'
export const WORKER = 'trino-worker'
export const CONFIG_FILE = 'config.properties'

/** What clients cannot set. */
export const configFixed: readonly string[] = [
  'access-control.config-files',
  'catalog.config-dir',
  'catalog.management',
  'catalog.store',
  'coordinator',
  'discovery.uri',
  'discovery.type',
  'http-server.authentication.type',
  'http-server.http.enabled',
  'http-server.http.port',
  'http-server.https.enabled',
  'http-server.https.port',
  'internal-communication.https.required',
  'internal-communication.shared-secret',
  'log.compression',
  'log.enable-console',
  'log.format',
  'log.levels-file',
  'log.max-size',
  'log.max-total-size',
  'log.path',
  'node.bind-ip',
  'node.data-dir',
  'node.environment',
  'node.external-address',
  'node.id',
  'node.internal-address',
  'plugin.dir',
]

export function nodeFiles(plan: DaemonPlan, own: Properties): Readonly<Record<string, string>> {
  const { directory, settings } = plan
  const [coordinator] = coordinatorsOf(plan)
  const properties: Properties = {
    'node-scheduler.include-coordinator': false,
    // Twice this time a node that is drained waits for what the others know of it and fetch from it.
    'shutdown.grace-period': '5s',
    // Clients of its earlier name say who they are in headers of that name.
    'protocol.v1.alternate-header-name': 'Presto',
    ...settings[CONFIG_FILE],
    'http-server.http.port': plan.ports[0] ?? 0,
    'discovery.uri': coordinator ? `http://${coordinator.host}:${coordinator.port}` : '',
    'log.path': `${directory}/daemon.log`,
    'log.max-size': '10MB',
    'log.max-total-size': '50MB',
    'log.compression': 'NONE',
    'log.enable-console': false,
    ...own,
  }
  return { [CONFIG_FILE]: propertiesText(properties), ...catalogFiles(plan) }
}

/** It starts without its own launcher, and so has in properties of Java what that would read from files. */
export function nodeProgram(plan: DaemonPlan): JavaProgram {
  const { directory, host, node } = plan
  const properties: Properties = {
    config: `${directory}/${CONFIG_FILE}`,
    'catalog.config-dir': `${directory}/catalog`,
    'plugin.dir': `${directory}/plugin`,
    'node.environment': environmentOf(plan),
    'node.id': node,
    'node.data-dir': `${directory}/data`,
    'node.bind-ip': host,
    'node.internal-address': host,
    'node.external-address': host,
  }
  return {
    main: 'io.trino.server.TrinoServer',
    options: [
      '--add-modules=jdk.incubator.vector',
      '--enable-native-access=ALL-UNNAMED',
      '--sun-misc-unsafe-memory-access=allow',
      // Classes are made for each statement, and each plugin has its own.
      '-XX:MaxMetaspaceSize=384m',
      ...Object.entries(properties).map(([name, value]) => `-D${name}=${value}`),
    ],
  }
}

/** Nodes of another environment are not let in. A name begins with a letter and has no hyphens. */
function environmentOf({ cluster }: DaemonPlan): string {
  return `emrys_${cluster.toLowerCase().replaceAll(/[^a-z0-9]/g, '_')}`
}

export function addressOf({ host, ports: [port = 0] }: Pick<DaemonPeer, 'host' | 'ports'>) {
  return { host, port }
}

export function coordinatorsOf({ peers }: DaemonPlan): readonly ServerAddress[] {
  return peers.filter(({ daemon }) => daemon === COORDINATOR).map(addressOf)
}

/** Undefined once it has started. Rejects when nobody answers. */
export async function startingProbe(address: ServerAddress): Promise<Probe | undefined> {
  const { starting } = (await getJson(address, '/v1/info')) as { readonly starting?: boolean }
  if (starting === false) return undefined
  return { answering: false, waiting: true, reason: 'it is starting' }
}

/** The ids of the workers that have said to a coordinator that they are there, within half a minute. */
export async function announcedWorkers(coordinator: ServerAddress): Promise<ReadonlySet<string>> {
  const { services = [] } = (await getJson(coordinator, '/v1/service/trino')) as {
    readonly services?: readonly {
      readonly nodeId: string
      readonly properties?: { readonly coordinator?: string }
    }[]
  }
  return new Set(
    services.flatMap(({ nodeId, properties }) =>
      properties?.coordinator === 'false' ? [nodeId] : [],
    ),
  )
}
