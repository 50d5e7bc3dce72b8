import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { serviceComponent } from '../../../src/substrate/local/service-component.ts'
import type { ClusterSpec, ConfigurationFile } from '../../../src/domain/cluster/spec.ts'
import type { DaemonPeer, DaemonPlan } from '../../../src/substrate/local/service.ts'
import { startScript } from '../../../src/substrate/local/start-script.ts'
import { services } from '../../../src/substrate/local/service-list.ts'
import { sampleGroup, sampleSpec } from '../../../test/support/fixture/sample.ts'
import { temporaryDirectory } from '../../../test/support/process/directory.ts'
import { trino } from '../service.ts'

const [coordinator, worker] = trino.daemons

const metastore: DaemonPeer = {
  daemon: 'hive-metastore',
  node: 'm-0',
  host: '127.1.0.1',
  ports: [7004],
}
const nameNode: DaemonPeer = {
  daemon: 'hdfs-namenode',
  node: 'm-0',
  host: '127.1.0.1',
  ports: [8020, 9870],
}

function planOf(more: Partial<DaemonPlan> = {}, ...beside: readonly DaemonPeer[]): DaemonPlan {
  const own: DaemonPeer = {
    daemon: 'trino-coordinator',
    node: 'm-0',
    host: '127.1.0.1',
    ports: [8080],
  }
  return {
    cluster: 'emr-Ab1',
    node: 'c-0',
    role: 'core',
    directory: '/data/it',
    library: '/library',
    plugins: Object.fromEntries(
      (trino.plugins ?? []).map(({ part }) => [part, `/parts/${part}'s`]),
    ),
    containerMark: 'MARK=1',
    host: '127.2.0.1',
    ports: [8080],
    heapMib: 640,
    memoryMib: 256,
    threads: 1,
    disks: [],
    peers: [own, ...beside],
    settings: {},
    ...more,
  }
}

const linesOf = (text: string | undefined) => (text ?? '').split('\n')

test('a worker knows its coordinator, listens on its own address, and has a name that stays', () => {
  const plan = planOf({ settings: { 'config.properties': { 'query.max-history': '7' } } })
  const config = linesOf(worker?.files(plan)['config.properties'])
  for (const line of [
    'coordinator=false',
    'http-server.http.port=8080',
    'discovery.uri=http://127.1.0.1:8080',
    'query.max-history=7',
    'access-control.config-files=/data/it/access-control.properties',
  ])
    assert.ok(config.includes(line), line)
  assert.ok(linesOf(coordinator?.files(plan)['config.properties']).includes('coordinator=true'))
  const script = startScript(worker!, plan)
  for (const option of [
    '-Dnode.id=c-0',
    '-Dnode.environment=emrys_emr_ab1',
    '-Dnode.bind-ip=127.2.0.1',
    '-Dnode.internal-address=127.2.0.1',
  ])
    assert.ok(script.includes(`'${option}'`), option)
})

test('there is a catalog of Hive where there is a metastore, and what it is loaded of lies in its own folder', () => {
  const without = planOf()
  assert.equal(worker?.files(without)['hive.properties'], undefined)
  assert.doesNotMatch(startScript(worker!, without), /hive/)
  const plan = planOf(
    { settings: { 'hive.properties': { 'hive.max-partitions-per-scan': '9' } } },
    metastore,
    nameNode,
  )
  const files = worker?.files(plan) ?? {}
  const lines = linesOf(files['hive.properties'])
  for (const line of [
    'connector.name=hive',
    'hive.metastore.uri=thrift://127.1.0.1:7004',
    'hive.max-partitions-per-scan=9',
    'hive.config.resources=/data/it/core-site.xml,/data/it/hdfs-site.xml',
  ])
    assert.ok(lines.includes(line), line)
  assert.match(files['core-site.xml'] ?? '', /hdfs:\/\/127\.1\.0\.1:8020/)
  const script = startScript(worker!, plan)
  assert.ok(script.includes(`ln -s '/parts/trino-hive'\\''s'/*.jar plugin/hive/ || exit 1`), script)
  assert.ok(script.includes(`ln -s '/parts/trino-hdfs'\\''s' plugin/hive/hdfs || exit 1`), script)
})

function unmetRequirement(
  components: readonly string[],
  it: {
    absent?: readonly string[]
    files?: readonly string[]
    env?: Readonly<Record<string, string | undefined>>
  },
) {
  const component = serviceComponent({
    family: 'hadoop',
    services,
    skipped: [],
    modules: {
      folder: () => '/nowhere',
      file: () => undefined,
      unmet: (part) => (it.absent?.includes(part) ? 'x' : undefined),
    },
    env: it.env ?? { PATH: '/nowhere' },
  })
  const configuration = (it.files ?? []).map((file): ConfigurationFile => ({
    service: 'TRINO',
    version: '',
    file,
    properties: { a: '1' },
  }))
  const spec: ClusterSpec = sampleSpec({
    software: { family: 'hadoop', version: 'V', components },
    groups: [{ ...sampleGroup('m', 1), role: 'master' }],
    configuration,
  })
  return component.unmet?.({ id: 'c', spec })
}

const alone = ['zookeeper-3.6.3', 'trino-389']
const withHive = ['hdfs-3.2.2', 'yarn-3.2.2', 'hive-3.1.3', 'trino-389']

test('what is not there is refused by name: plugins, the Java, and catalogs of other plugins', () => {
  const what = (...it: Parameters<typeof unmetRequirement>) => {
    const unmet = unmetRequirement(...it)
    return [unmet?.what, unmet?.detail] as const
  }
  const absent = ['trino', 'trino-hive']
  assert.equal(what(withHive, { absent })[0], 'trino trino-hive')
  assert.match(what(withHive, { absent })[1] ?? '', /`emrys engines fetch trino trino-hive` brings/)
  // Without Hive nothing asks for its plugin.
  assert.equal(what(alone, { absent })[0], 'trino')
  const [name] = what(alone, { files: ['tpch.properties'] })
  assert.ok(name === 'hadoop' || name === 'trino', name)
  assert.deepEqual(what(alone, { files: ['hive.properties'] }), [
    'TRINO hive.properties',
    'on this machine it configures nothing',
  ])
  assert.equal(what(withHive, { files: ['mysql.properties'] })[0], 'TRINO mysql.properties')
  assert.equal(what(['presto-0.228'], {})[0], 'presto-0.228')
})

test('it is refused by name where only a Java of the other services is there', (t) => {
  const home = join(temporaryDirectory(t), 'java')
  mkdirSync(join(home, 'bin'), { recursive: true })
  writeFileSync(join(home, 'bin', 'java'), '')
  writeFileSync(join(home, 'release'), 'JAVA_VERSION="17.0.1"\n')
  const env = { JAVA_HOME: home }
  assert.equal(unmetRequirement(['zookeeper-3.6.3'], { env }), undefined)
  const unmet = unmetRequirement(alone, { env })
  assert.equal(unmet?.what, 'trino')
  assert.match(unmet?.detail ?? '', /needs Java 24 to 25 .*java is 17$/)
})
