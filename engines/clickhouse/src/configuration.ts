/** What a server is configured with: itself, who may ask it, and the nodes of its cluster, which may be others while it runs. */
import type { DaemonPeer, DaemonPlan } from '../../../src/substrate/local/service.ts'
import { administratorHash, peerPassword } from './password.ts'

/** HTTP, its own protocol, and what replicas send each other. */
export const PORTS = [8123, 9000, 9009] as const
/** As the product calls the one of all nodes. */
const CLUSTER = 'default_cluster'
/** Whom servers are to each other. */
export const PEER = 'emrys_peer'

/** Caches are small, as a machine has many nodes; what it may use for queries is its share of the machine. */
export function configurationOf(plan: DaemonPlan): string {
  const { host, ports } = plan
  const [http = PORTS[0], native = PORTS[1], replicas = PORTS[2]] = ports
  const { shard, replica } = placeOf(plan)
  return `<?xml version="1.0"?>
<yandex>
  <logger>
    <level>warning</level>
    <log>daemon.log</log>
    <size>10M</size>
    <count>5</count>
  </logger>
  <listen_host>${host}</listen_host>
  <http_port>${http}</http_port>
  <tcp_port>${native}</tcp_port>
  <interserver_http_port>${replicas}</interserver_http_port>
  <interserver_http_host>${host}</interserver_http_host>
  <max_connections>1024</max_connections>
  <max_concurrent_queries>100</max_concurrent_queries>
  <mark_cache_size>16777216</mark_cache_size>
  <uncompressed_cache_size>0</uncompressed_cache_size>
  <umask>077</umask>
  <path>data/</path>
  <tmp_path>tmp/</tmp_path>
  <user_files_path>data/user_files/</user_files_path>
  <format_schema_path>data/format_schemas/</format_schema_path>
  <users_config>users.xml</users_config>
  <default_profile>default</default_profile>
  <default_database>default</default_database>
  <include_from>cluster.xml</include_from>
  <remote_servers incl="remote_servers" />
  <macros>
    <cluster>${CLUSTER}</cluster>
    <shard>${shard}</shard>
    <replica>${replica}</replica>
  </macros>
${ensembleText(plan)}</yandex>
`
}

/**
 * Statements of all nodes (`ON CLUSTER`) are not among what it is for: a server of this version knows itself in their list by the addresses of
 * the machine's interfaces, where those of nodes are not. Without their queue it refuses them, where it would wait in vain.
 */
function ensembleText({ peers }: DaemonPlan): string {
  const ensemble = peers.filter(({ daemon }) => daemon === 'zookeeper')
  if (ensemble.length === 0) return ''
  const nodes = ensemble.map(
    ({ host, ports: [port] }, at) =>
      `    <node index="${at + 1}"><host>${host}</host><port>${port}</port></node>\n`,
  )
  return `  <zookeeper>
${nodes.join('')}  </zookeeper>
`
}

/** The administrator is the user that clients are without a name. */
export function usersOf(plan: DaemonPlan): string {
  const bytes = plan.heapMib * 1024 ** 2
  const user = (name: string, password: string) => `    <${name}>
      ${password}
      <networks><ip>127.0.0.0/8</ip></networks>
      <profile>default</profile>
      <quota>default</quota>
    </${name}>
`
  const peer = `<password>${peerPassword(plan)}</password>`
  const administrator = `<password_sha256_hex>${administratorHash(plan)}</password_sha256_hex>`
  return `<?xml version="1.0"?>
<yandex>
  <profiles>
    <default>
      <max_memory_usage>${bytes}</max_memory_usage>
      <max_memory_usage_for_all_queries>${bytes}</max_memory_usage_for_all_queries>
      <max_threads>${plan.threads}</max_threads>
    </default>
  </profiles>
  <users>
${user('default', administrator)}${user(PEER, peer)}  </users>
  <quotas>
    <default />
  </quotas>
</yandex>
`
}

/** All shards, with the replicas of each. */
export function clusterOf(plan: DaemonPlan): string {
  const replica = ({ host, ports: [, port = PORTS[1]] }: DaemonPeer) => `        <replica>
          <host>${host}</host>
          <port>${port}</port>
          <user>${PEER}</user>
          <password>${peerPassword(plan)}</password>
        </replica>
`
  const shard = (replicas: readonly DaemonPeer[]) => `      <shard>
        <internal_replication>${replicas.length > 1}</internal_replication>
${replicas.map(replica).join('')}      </shard>
`
  return `<?xml version="1.0"?>
<yandex>
  <remote_servers>
    <${CLUSTER}>
${shardsOf(plan).map(shard).join('')}    </${CLUSTER}>
  </remote_servers>
</yandex>
`
}

/** Two nodes each where the cluster has nodes for an ensemble of ZooKeeper, which makes it highly available; else one. */
function shardsOf({ peers }: Pick<DaemonPlan, 'peers'>): readonly (readonly DaemonPeer[])[] {
  const servers = peers.filter(({ daemon }) => daemon === 'clickhouse-server')
  const isEnsemble = peers.filter(({ daemon }) => daemon === 'zookeeper').length > 1
  const size = isEnsemble ? 2 : 1
  const starts = servers.map((_, at) => at).filter((at) => at % size === 0)
  return starts.map((at) => servers.slice(at, at + size))
}

/** A replica is known by its node, which keeps its name for ever. */
function placeOf(plan: DaemonPlan): { readonly shard: string; readonly replica: string } {
  const shards = shardsOf(plan)
  const at = shards.findIndex((shard) => shard.some(({ node }) => node === plan.node))
  return { shard: String(at + 1).padStart(2, '0'), replica: plan.node }
}
