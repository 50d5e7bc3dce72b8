import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { DaemonPeer, DaemonPlan } from '../../../src/substrate/local/service.ts'
import { clusterOf, configurationOf, PEER, usersOf } from '../src/configuration.ts'
import { administratorHash, peerPassword } from '../src/password.ts'

const peer = (daemon: string, at: number, ports: readonly number[]): DaemonPeer => ({
  daemon,
  node: `${daemon}-${at}`,
  host: `127.1.${at}.1`,
  ports,
})

/** The plan of one of so many servers, beside so many members of ZooKeeper. */
function planOf(servers: number, ensemble: number, at = 0): DaemonPlan {
  const count = (daemon: string, length: number, ports: readonly number[]) =>
    Array.from({ length }, (_, number) => peer(daemon, number, ports))
  const peers = [
    ...count('zookeeper', ensemble, [2181]),
    ...count('clickhouse-server', servers, [8123, 9000, 9009]),
  ]
  return {
    cluster: 'emr-1',
    node: `clickhouse-server-${at}`,
    host: `127.1.${at}.1`,
    ports: [8123, 9000, 9009],
    heapMib: 100,
    threads: 3,
    peers,
    administrator: { password: 'Admin-1' },
  } as unknown as DaemonPlan
}

/** The hosts of each shard. */
function shardsIn(text: string): readonly (readonly string[])[] {
  return text
    .split('<shard>')
    .slice(1)
    .map((shard) => [...shard.matchAll(/<host>(.*?)<\/host>/g)].map(([, host = '']) => host))
}

test('every node is a shard, and with an ensemble every two nodes are one', () => {
  assert.deepEqual(shardsIn(clusterOf(planOf(3, 1))), [['127.1.0.1'], ['127.1.1.1'], ['127.1.2.1']])
  const pairs = clusterOf(planOf(4, 3))
  assert.deepEqual(shardsIn(pairs), [
    ['127.1.0.1', '127.1.1.1'],
    ['127.1.2.1', '127.1.3.1'],
  ])
  assert.match(pairs, /<internal_replication>true</)
  assert.match(clusterOf(planOf(1, 1)), /<internal_replication>false</)
  assert.match(
    configurationOf(planOf(4, 3, 3)),
    /<shard>02<\/shard>\s+<replica>clickhouse-server-3</,
  )
})

test('a server listens on its own address alone, and knows all of ZooKeeper', () => {
  const text = configurationOf(planOf(2, 3, 1))
  assert.deepEqual(
    [...text.matchAll(/<listen_host>(.*?)</g)].map(([, host]) => host),
    ['127.1.1.1'],
  )
  assert.equal(
    [...text.matchAll(/<node index="\d"><host>127\.1\.\d\.1<\/host><port>2181</g)].length,
    3,
  )
  assert.doesNotMatch(configurationOf(planOf(2, 0)), /zookeeper/)
})

test('clients are known by a password of which only the digest is written, and peers by another one', () => {
  const plan = planOf(2, 1)
  const users = usersOf(plan)
  assert.match(users, new RegExp(`<default>\\s+<password_sha256_hex>${administratorHash(plan)}<`))
  assert.ok(users.includes(`<${PEER}>`) && users.includes(peerPassword(plan)))
  assert.ok(![users, clusterOf(plan), configurationOf(plan)].join().includes('Admin-1'))
  assert.notEqual(peerPassword(plan), peerPassword({ ...plan, cluster: 'emr-2' }))
  const { administrator: _none, ...without } = plan
  assert.throws(() => peerPassword(without), /has no administrator/)
  assert.match(users, /<max_memory_usage>104857600</)
  assert.match(users, /<max_threads>3</)
})
