/** What holds for every service, by its words alone: test/engine holds them to their deeds. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { componentOf } from '../../../src/dialect/tencent/catalogue/component.ts'
import { daemonNameOf } from '../../../src/substrate/local/daemon-role.ts'
import { serviceLocks } from '../../../src/substrate/local/lock.ts'
import { startScript } from '../../../src/substrate/local/start-script.ts'
import type { DaemonPeer, DaemonPlan } from '../../../src/substrate/local/service.ts'
import { serviceComponent } from '../../../src/substrate/local/service-component.ts'
import { services } from '../../../src/substrate/local/service-list.ts'
import { sampleGroup, sampleSpec } from '../../support/fixture/sample.ts'

const daemons = services.flatMap((service) => service.daemons)

const components = [
  'openldap-2.4.44',
  'hdfs-3.2.2',
  'yarn-3.2.2',
  'zookeeper-3.6.3',
  'kafka-2.4.1',
  'clickhouse-20.7.2.30',
  'hive-3.1.3',
  'spark-3.2.2',
  'flink-1.14.5',
  'hbase-2.4.5',
  'trino-389',
]
const software = { family: 'hadoop', version: '', components }

/** As where the machine has every program. */
const component = serviceComponent({
  family: 'hadoop',
  services: services.map(({ optional: _none, ...service }) => service),
  skipped: [],
  modules: { folder: () => '/library', file: () => undefined, unmet: () => undefined },
  env: {},
})

function nodesOf(counts: Readonly<Record<string, number>>) {
  return Object.entries(counts).flatMap(([role, count]) =>
    Array.from({ length: count }, (_, at) => ({ id: `${role}-${at}`, role })),
  )
}

const ROLES = ['master', 'core', 'task', 'common']

function hostOf(node: string): string {
  const [role = '', at = '0'] = node.split('-')
  return `127.${1 + ROLES.indexOf(role)}.${at}.1`
}

/** The plans of all daemons of a cluster with so many nodes of each role. */
function plansOf(counts: Readonly<Record<string, number>>, more: Partial<DaemonPlan> = {}) {
  const nodes = nodesOf(counts)
  const peers = component.plan(nodes, software).map(({ role, node = '' }): DaemonPeer => {
    const ports = daemons.find(({ name }) => name === role)?.ports ?? []
    return {
      daemon: role,
      node,
      host: hostOf(node),
      ports,
    }
  })
  return peers.map(({ daemon: name, node, host, ports }) => {
    const daemon = daemons.find((each) => each.name === name)
    assert.ok(daemon)
    const role = node.split('-')[0] ?? ''
    const plan: DaemonPlan = {
      cluster: 'emr-1',
      node,
      role,
      directory: `/data/${name}/${node}`,
      library: '/library',
      containerMark: 'MARK=1',
      host,
      ports,
      heapMib: 64,
      memoryMib: 256,
      threads: 1,
      disks: [1024 ** 3, 2 * 1024 ** 3],
      peers,
      settings: {},
      administrator: { password: 'Admin-1' },
      ...more,
    }
    return { daemon, plan, files: daemon.files(plan) }
  })
}

/** What newer versions call a file that clients set properties of. */
const RENAMED: Readonly<Record<string, string>> = { 'config.yaml': 'flink-conf.yaml' }

const small = { master: 1, core: 2, task: 1 }
const available = { master: 2, core: 3, common: 3 }

test('daemons have names of their own, and wait for daemons that there are', () => {
  const names = daemons.map(({ name }) => name)
  assert.equal(new Set(names).size, names.length)
  for (const { name, after, needs = [], ports } of daemons) {
    assert.ok(ports.length > 0, name)
    for (const each of [...after, ...needs]) assert.ok(names.includes(each), each)
  }
  const order = component.roles.map(({ name }) => name)
  for (const { name, after } of daemons)
    for (const each of after)
      assert.ok(order.indexOf(each) <= order.indexOf(name), `${name} ${each}`)
  const parts = serviceLocks.flatMap((lock) => lock.parts.map((part) => part.name))
  assert.deepEqual(
    services
      .flatMap(({ part, buckets, plugins = [] }) => [
        part,
        buckets,
        ...plugins.map((plugin) => plugin.part),
      ])
      .filter((part) => part !== undefined && !parts.includes(part)),
    [],
  )
})

test('where a cluster has keys to buckets, Hadoop comes there by both of their schemes', () => {
  const buckets = {
    endpoint: 'http://127.0.0.1:9000',
    region: 'us-east-1',
    library: '/buckets',
    keyFile: '/data/bucket.key',
  }
  const settings = { 'core-site.xml': { 'fs.s3a.threads.max': '7' } }
  const own = services.flatMap((each) => (each.buckets === undefined ? [] : each.daemons))
  for (const { daemon, plan, files } of plansOf(small, { buckets, settings })) {
    if (!own.includes(daemon)) continue
    const site = files['core-site.xml']
    if (site === undefined) continue
    const isSet = (name: string, value: string) =>
      assert.ok(
        site.includes(`<name>${name}</name><value>${value}</value>`),
        `${daemon.name} ${name}`,
      )
    isSet('fs.cosn.impl', 'org.apache.hadoop.fs.s3a.BucketFileSystem')
    isSet('fs.AbstractFileSystem.s3a.impl', 'org.apache.hadoop.fs.s3a.Bucket')
    isSet('fs.s3a.endpoint', 'http://127.0.0.1:9000')
    isSet('fs.s3a.path.style.access', 'true')
    isSet('fs.s3a.auth.profile.file', '/data/bucket.key')
    isSet('fs.s3a.threads.max', '7')
    const script = startScript(daemon, plan)
    assert.match(script, /-cp "\.:\$EMRYS_BUCKET_LIBRARY\/\*:\$EMRYS_LIBRARY\/\*"/)
    assert.match(script, /base64 -d <BucketFileSystem\.base64 >org\/apache\/hadoop\/fs\/s3a\//)
  }
  for (const { daemon, plan, files } of plansOf(small)) {
    assert.doesNotMatch(files['core-site.xml'] ?? '', /s3a|cosn/)
    assert.doesNotMatch(startScript(daemon, plan), /BUCKET|Bucket/)
  }
})

test('what the product places of a service is one of its daemons by that name, or is known not to run here', () => {
  const known = services.flatMap((service) =>
    service.daemons.flatMap(({ process }) => {
      if (process === undefined) return []
      const { service: title, name } = daemonNameOf(service, process)
      return [`${title} ${name}`]
    }),
  )
  const named = services.flatMap(({ name }) => {
    const { title, processes } = componentOf(name)!
    const placed = processes.filter(({ ha, single }) => ha.length > 0 || single.length > 0)
    return placed.map((process) => `${title} ${process.name}`)
  })
  assert.deepEqual(
    known.filter((each) => !named.includes(each)),
    [],
  )
  assert.deepEqual(named.filter((each) => !known.includes(each)).toSorted(), [
    'FLINK FlinkHistoryServer',
    'HBASE HbaseThrift',
    'HIVE HiveWebHcat',
    'YARN TimeLineServer',
  ])
})

test('a node has as many cores for work as its size gives it threads', () => {
  const plans = plansOf(small, { threads: 5 })
  const texts = (name: string) => plans.find(({ daemon }) => daemon.name === name)?.files ?? {}
  assert.match(
    texts('yarn-nodemanager')['yarn-site.xml'] ?? '',
    /<name>yarn\.nodemanager\.resource\.cpu-vcores<\/name><value>5</,
  )
  assert.match(texts('hive-server2')['spark-defaults.conf'] ?? '', /local\[5\]/)
  assert.match(Object.values(texts('flink-taskmanager')).join('\n'), /cpu\.cores": 5/)
})

test('a small cluster and a highly available one have the daemons of their nodes', () => {
  const counted = (counts: Readonly<Record<string, number>>) => {
    const all = component.plan(nodesOf(counts), software).map(({ role }) => role)
    return Object.fromEntries(
      [...new Set(all)].map((role) => [role, all.filter((each) => each === role).length]),
    )
  }
  assert.deepEqual(counted(small), {
    'openldap-slapd': 1,
    zookeeper: 1,
    'hdfs-namenode': 1,
    'hdfs-datanode': 2,
    'yarn-resourcemanager': 1,
    'yarn-jobhistoryserver': 1,
    'yarn-nodemanager': 3,
    'kafka-broker': 2,
    'clickhouse-server': 2,
    'hive-database': 1,
    'hive-metastore': 1,
    'hive-server2': 1,
    'spark-historyserver': 1,
    'flink-jobmanager': 1,
    'flink-taskmanager': 3,
    'hbase-master': 1,
    'hbase-regionserver': 2,
    'trino-coordinator': 1,
    'trino-worker': 3,
  })
  assert.deepEqual(counted(available), {
    'openldap-slapd': 2,
    zookeeper: 3,
    'hdfs-journalnode': 3,
    'hdfs-namenode': 2,
    'hdfs-zkfc': 2,
    'hdfs-datanode': 3,
    'yarn-resourcemanager': 2,
    'yarn-jobhistoryserver': 1,
    'yarn-nodemanager': 3,
    'kafka-controller': 3,
    'kafka-broker': 3,
    'clickhouse-server': 3,
    'hive-database': 1,
    'hive-metastore': 2,
    'hive-server2': 2,
    'spark-historyserver': 1,
    'flink-jobmanager': 1,
    'flink-taskmanager': 3,
    'hbase-master': 2,
    'hbase-regionserver': 3,
    'trino-coordinator': 1,
    'trino-worker': 3,
  })
})

test('no daemon learns of an address that is no node of its cluster', () => {
  for (const counts of [small, available])
    for (const { daemon, plan, files } of plansOf(counts)) {
      const hosts = new Set(plan.peers.map(({ host }) => host))
      for (const [name, text] of Object.entries(files)) {
        // There it is a name for the node's own.
        const own = name === 'hosts' ? text.replace('localhost', '') : text
        // Whoever asks from this machine.
        const shown = own.replaceAll('<ip>127.0.0.0/8</ip>', '')
        assert.doesNotMatch(shown, /undefined|NaN|0\.0\.0\.0|localhost/, `${daemon.name} ${name}`)
        for (const [host] of shown.matchAll(/\b127\.\d+\.\d+\.\d+\b/g))
          assert.ok(hosts.has(host), `${daemon.name} ${name}: ${host}`)
      }
    }
})

test('what clients set stands in the files, and what the substrate sets is not theirs', () => {
  const files = services
    .flatMap(({ configurable, plugins = [] }) => [{ configurable }, ...plugins])
    .flatMap(({ configurable = {} }) => Object.keys(configurable))
  const settings: Record<string, Record<string, string>> = Object.fromEntries(
    files.map((file) => [file, { 'x.y': 'a<b&c' }]),
  )
  const seen = new Set<string>()
  // Of the fair scheduler's file only what its queues have.
  settings['fair-scheduler.xml'] = { 'root.default.weight': 'a<b&c' }
  for (const { files: own } of plansOf(available, { settings }))
    for (const [name, text] of Object.entries(own))
      if (/x\.y|<weight>/.test(text)) {
        assert.match(text, name.endsWith('.xml') ? />a&lt;b&amp;c</ : /x\.y(=|": ")a<b&c/)
        seen.add(RENAMED[name] ?? name)
      }
  assert.deepEqual([...seen].toSorted(), files.toSorted())
})

test('of schedulers of YARN two may be named, and of the fair one what its queues have', () => {
  const name = 'yarn.resourcemanager.scheduler.class'
  const lackIn = (file: string, properties: Readonly<Record<string, string>>) => {
    const configuration = [{ service: 'YARN', version: '3.2.2', file, properties }]
    const groups = [{ ...sampleGroup('m', 1), role: 'master' }]
    const spec = sampleSpec({ software, groups, configuration })
    return component.unmet?.({ id: 'emr-1', spec })
  }
  const of = 'org.apache.hadoop.yarn.server.resourcemanager.scheduler'
  const both = [`${of}.capacity.CapacityScheduler`, `${of}.fair.FairScheduler`]
  const unmetRequirement = (value: string) => lackIn('yarn-site.xml', { [name]: value })
  for (const each of both)
    assert.notEqual(unmetRequirement(each)?.what, `YARN yarn-site.xml ${name}`)
  assert.deepEqual(unmetRequirement(`${of}.fifo.FifoScheduler`), {
    what: `YARN yarn-site.xml ${name}`,
    detail: `it can be ${both.join(' or ')}`,
  })
  const unmetQueue = (property: string) => lackIn('fair-scheduler.xml', { [property]: '1' })?.what
  for (const each of ['root.q.weight', 'root.queues', 'userMaxAppsDefault'])
    assert.notEqual(unmetQueue(each), `YARN fair-scheduler.xml ${each}`)
  for (const each of ['root.q.mood', 'weight', 'q.weight'])
    assert.equal(unmetQueue(each), `YARN fair-scheduler.xml ${each}`)
})

test('a node that comes or goes changes what others start with nowhere', () => {
  const fixed = (counts: Readonly<Record<string, number>>) =>
    new Map(
      plansOf(counts).map(({ daemon, plan, files }) => {
        const again = (daemon.reload ?? []).map(({ file }) => file)
        const kept = Object.entries(files).filter(([name]) => !again.includes(name))
        return [
          `${daemon.name} ${plan.node}`,
          JSON.stringify([kept, daemon.once?.(plan), daemon.program(plan)]),
        ]
      }),
    )
  for (const counts of [small, available]) {
    const larger = fixed({ ...counts, core: counts.core + 1, task: 3 })
    for (const [name, text] of fixed(counts)) assert.ok(larger.get(name) === text, name)
  }
})

test('a cluster keeps as many cores as blocks and topics have copies, and the broker that knows of them', () => {
  const unmetRequirement = (name: string, before: object, after: object, copies?: string) => {
    const settings = copies === undefined ? {} : { 'hdfs-site.xml': { 'dfs.replication': copies } }
    const change = {
      settings,
      before: nodesOf({ ...small, ...before }),
      after: nodesOf({ ...small, ...after }),
    }
    return services.find((service) => service.name === name)?.unmetChange?.(change)
  }
  assert.equal(unmetRequirement('hdfs', { core: 3 }, { core: 2 }), undefined)
  assert.match(
    unmetRequirement('hdfs', { core: 2 }, { core: 1 }) ?? '',
    /^1 core nodes cannot keep the 2 copies/,
  )
  assert.match(
    unmetRequirement('hdfs', { core: 3 }, { core: 2 }, '3') ?? '',
    /cannot keep the 3 copies/,
  )
  assert.equal(unmetRequirement('hdfs', { core: 2 }, { core: 3 }, '3'), undefined)
  assert.equal(unmetRequirement('kafka', { core: 3, task: 2 }, { core: 3, task: 1 }), undefined)
  assert.equal(unmetRequirement('kafka', { core: 3 }, { core: 2 }), undefined)
})

test('brokers go as far as the others can keep what they keep, by the word of the cluster', () => {
  const { unmetChange } = services.find(({ name }) => name === 'kafka') ?? {}
  const unmetRequirement = (
    nodes: Readonly<Record<string, number>>,
    gone: string,
    most?: number,
  ) => {
    const before = nodesOf(nodes)
    const after = before.filter(({ id }) => id !== gone)
    const copies = (daemon: string) => (daemon === 'kafka-broker' ? most : undefined)
    return unmetChange?.({ settings: {}, before, after, copies })
  }
  assert.equal(unmetRequirement(small, 'core-1', 1), undefined)
  assert.match(unmetRequirement(small, 'core-1', 2) ?? '', /^1 brokers cannot keep the 2 copies/)
  assert.equal(unmetRequirement(small, 'core-1'), undefined)
  assert.match(unmetRequirement(small, 'core-0', 1) ?? '', /^its first broker core-0 keeps/)
  assert.equal(unmetRequirement(available, 'core-0', 2), undefined)
  assert.match(unmetRequirement(available, 'core-0', 3) ?? '', /cannot keep the 3 copies/)
})
