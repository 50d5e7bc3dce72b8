import assert from 'node:assert/strict'
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { withDaemonOrders } from '../../../src/domain/cluster/daemon.ts'
import type { ClusterSpec } from '../../../src/domain/cluster/spec.ts'
import type { RoleWanted } from '../../../src/substrate/local/component.ts'
import type { LocalOptions } from '../../../src/substrate/local/driver.ts'
import { unmetMemory } from '../../../src/substrate/local/memory.ts'
import type { Modules } from '../../../src/substrate/local/module.ts'
import { serviceComponent } from '../../../src/substrate/local/service-component.ts'
import { sampleGroup, sampleSpec } from '../../support/fixture/sample.ts'
import { echo } from '../../support/fixture/service.ts'
import { temporaryDirectory } from '../../support/process/directory.ts'

const modules = (unmet?: string): Modules => ({
  folder: () => '/nowhere',
  file: () => undefined,
  unmet: () => unmet,
})

const component = (unmet?: string, env = process.env) =>
  serviceComponent({
    family: 'hadoop',
    services: [echo],
    skipped: ['knox'],
    modules: modules(unmet),
    env,
  })

function specOf(components: readonly string[], more: Partial<ClusterSpec> = {}): ClusterSpec {
  const groups = [
    { ...sampleGroup('m', 1), role: 'master' },
    { ...sampleGroup('c', 2), role: 'core' },
  ]
  return sampleSpec({ software: { family: 'hadoop', version: 'V', components }, groups, ...more })
}

const nodes = [
  { id: 'm-0', role: 'master' },
  { id: 'c-0', role: 'core' },
  { id: 'c-1', role: 'core' },
  { id: 't-0', role: 'task' },
]

test('the daemons of the services that the software names run on the nodes that carry them', () => {
  const { software } = specOf(['echo_two-1.0'])
  assert.deepEqual(component().plan(nodes, software), [
    { role: 'echo-head', node: 'm-0' },
    { role: 'echo-body', node: 'c-0' },
    { role: 'echo-body', node: 'c-1' },
  ])
  assert.deepEqual(component().plan(nodes, { ...software, components: ['knox-1'] }), [])
})

test('what does not run is refused by name, but for what every cluster has, which the cluster says', () => {
  const unmetRequirement = (...labels: string[]) =>
    component().unmet?.({ id: 'c', spec: specOf(labels) })
  assert.equal(unmetRequirement('echo-1.0', 'knox-1.2.0'), undefined)
  const refused = unmetRequirement('echo-1.0', 'spark_hadoop2.8-2.4.3')
  assert.equal(refused?.what, 'spark_hadoop2.8-2.4.3')
  assert.match(refused?.detail ?? '', /^spark_hadoop2\.8 does not run on this machine, which runs/)
  assert.match(unmetRequirement('knox-1.2.0')?.detail ?? '', /none of its components runs/)
  const remark = component().remark?.(specOf(['echo-1.0', 'knox-1.2.0']).software)
  assert.equal(remark, 'echo-1.0 runs as 2.0; not run here: knox-1.2.0')
  assert.equal(component().remark?.(specOf(['echo-2.0']).software), undefined)
})

test('a setting that would have no effect is refused by its name', () => {
  const unmetRequirement = (file: string, properties: Record<string, string>) => {
    const configuration = [{ service: 'ECHO', version: '1', file, properties }]
    return component().unmet?.({ id: 'c', spec: specOf(['echo-1.0'], { configuration }) })
  }
  assert.equal(unmetRequirement('echo.conf', { some: '1' }), undefined)
  assert.equal(unmetRequirement('other.conf', { some: '1' })?.what, 'ECHO other.conf')
  assert.equal(
    unmetRequirement('echo.conf', { some: '1', address: '2' })?.what,
    'ECHO echo.conf address',
  )
  assert.equal(
    unmetRequirement('echo.conf', { 'some\nother': '1' })?.what,
    'ECHO echo.conf some\nother',
  )
  assert.equal(unmetRequirement('echo.conf', { some: '1\nother=2' })?.what, 'ECHO echo.conf some')
})

test('what is not on the machine is refused with what brings it', () => {
  const prospect = { id: 'c', spec: specOf(['echo-1.0']) }
  assert.match(
    component('x').unmet?.(prospect)?.detail ?? '',
    /`emrys engines fetch echo` brings it/,
  )
  const without = component(undefined, { PATH: '/nowhere' })
  assert.match(without.unmet?.(prospect)?.detail ?? '', /needs Java 17/)
})

test('a program that is not on the machine is refused with the package that brings it, and needs no Java', (t) => {
  const folder = temporaryDirectory(t)
  const { part: _none, buckets: _neither, ...rest } = echo
  const program = { name: 'echod', package: 'echo-server', use: 'echoes', versionArgs: ['-v'] }
  const unmetRequirement = (env: Record<string, string>) =>
    serviceComponent({
      family: 'hadoop',
      services: [{ ...rest, program }],
      skipped: [],
      modules: modules(),
      env,
    })
  const absent = unmetRequirement({ PATH: `${folder}/bin` })
  const prospect = { id: 'c', spec: specOf(['echo-1.0']) }
  assert.deepEqual(absent.unmet?.(prospect), {
    what: 'echo',
    detail:
      "echod is not on this machine; Debian's package echo-server brings it: `apt-get install --no-install-recommends echo-server`",
  })
  mkdirSync(join(folder, 'sbin'))
  writeFileSync(join(folder, 'sbin', 'echod'), '#!/bin/sh\necho "echod $1 3.1.4-debian" >&2\n')
  chmodSync(join(folder, 'sbin', 'echod'), 0o700)
  const there = unmetRequirement({ PATH: `${folder}/bin` })
  assert.equal(there.unmet?.(prospect), undefined)
  assert.equal(there.remark?.(prospect.spec.software), 'echo-1.0 runs as 3.1.4')
  const [head] = there.roles
  assert.deepEqual(head?.files(sampleWanted)['log4j.properties'], undefined)
})

test('a cluster runs without an optional program that is not on the machine, and says so', () => {
  const program = {
    name: 'absent-echod',
    package: 'echo-server',
    use: 'echoes',
    versionArgs: ['-v'],
  }
  const here = serviceComponent({
    family: 'hadoop',
    services: [{ ...plain, program, optional: true }, echo],
    skipped: [],
    modules: modules(),
    env: process.env,
  })
  const spec = specOf(['echo-1.0', 'plain-2.0'])
  assert.equal(here.unmet?.({ id: 'c', spec }), undefined)
  const planned = here.plan(nodes, spec.software)
  assert.deepEqual(planned, here.plan(nodes, specOf(['echo-1.0']).software))
  assert.match(
    here.remark?.(spec.software) ?? '',
    /not run here: plain-2\.0 \(absent-echod is not on/,
  )
  assert.equal(here.unmet?.({ id: 'c', spec: specOf(['plain-2.0']) })?.what, 'hadoop')
})

const { buckets: _none, ...withoutBuckets } = echo
const plain = { ...withoutBuckets, name: 'plain', components: ['plain'] }

test('what comes to buckets is not on the machine: only clusters with keys to some are refused', () => {
  const here = serviceComponent({
    family: 'hadoop',
    services: [echo, plain],
    skipped: [],
    modules: { ...modules(), unmet: (part) => (part === 'echo-buckets' ? 'x' : undefined) },
    env: process.env,
  })
  const unmetRequirement = (...[label, more]: [string, Partial<ClusterSpec>?]) =>
    here.unmet?.({ id: 'c', spec: specOf([label], more) })
  assert.equal(unmetRequirement('echo-1.0'), undefined)
  assert.equal(unmetRequirement('plain-1.0', { storage: {} }), undefined)
  assert.equal(unmetRequirement('echo-1.0', { storage: {} })?.what, 'echo-buckets')
  assert.match(
    unmetRequirement('echo-1.0', { storage: {} })?.detail ?? '',
    /`emrys engines fetch echo-buckets`/,
  )
})

test('a setting that names a bucket is refused where nothing comes to one', () => {
  const here = serviceComponent({
    family: 'hadoop',
    services: [echo, { ...plain, configurable: { 'plain.conf': [] } }],
    skipped: [],
    modules: modules(),
    env: process.env,
  })
  const unmetRequirement = (
    file: string,
    value: string,
    more: Partial<ClusterSpec> = { storage: {} },
  ) => {
    const configuration = [{ service: 'S', version: '1', file, properties: { some: value } }]
    const labels = ['echo-1.0', 'plain-1.0']
    return here.unmet?.({ id: 'c', spec: specOf(labels, { configuration, ...more }) })
  }
  assert.equal(unmetRequirement('echo.conf', 'cosn://b/x'), undefined)
  assert.equal(unmetRequirement('plain.conf', 'hdfs://b/x'), undefined)
  assert.equal(unmetRequirement('plain.conf', 'https://b.cos/x'), undefined)
  for (const value of ['cosn://b/x', 's3a://b', 'file:///x,COSN://b/y']) {
    const refused = unmetRequirement('plain.conf', value)
    assert.equal(refused?.what, 'S plain.conf some', value)
    assert.equal(refused?.detail, 'plain comes to no bucket on this machine')
    const keyless = unmetRequirement('echo.conf', value, {})
    assert.equal(keyless?.detail, 'the cluster has no keys to buckets')
  }
})

test('the keys of buckets are in a file of their own, and in no other one', () => {
  const [head] = component().roles
  const wanted = (objectStorage?: RoleWanted['objectStorage']): RoleWanted => ({
    ...sampleWanted,
    ...(objectStorage && { objectStorage }),
    reveal: (name) => ({ 'storage.keyId': 'the-id', 'storage.key': 'the\nsecret' })[name],
  })
  const files = head?.files(wanted({ endpoint: 'http://127.0.0.1:9', region: 'r', prefixes: [] }))
  assert.equal(
    files?.['bucket.key'],
    '[default]\naws_access_key_id = the-id\naws_secret_access_key = thesecret\n',
  )
  const rest = Object.entries(files ?? {}).filter(([name]) => name !== 'bucket.key')
  for (const [name, text] of rest) assert.doesNotMatch(text, /the-id|secret/, name)
  assert.deepEqual(JSON.parse(files?.['plan.json'] ?? '').buckets, {
    endpoint: 'http://127.0.0.1:9',
    region: 'r',
    library: '/nowhere',
    keyFile: '/data/bucket.key',
  })
  assert.equal(head?.files(wanted())['bucket.key'], undefined)
})

const sampleWanted: RoleWanted = {
  id: 'emr-1',
  name: 'it',
  version: 'V',
  timeZone: undefined,
  passwordNumber: 0,
  revision: 1,
  directory: '/data',
  host: '127.1.0.1',
  ports: [7007],
  advertisedHost: undefined,
  threads: 1,
  memoryMib: 256,
  quotaBytes: 0,
  nodes: [{ id: 'm-0', role: 'master', group: 'm', zone: 'z', host: '127.1.0.1', version: 'V' }],
  encrypted: false,
  groups: [],
  peers: [],
  leaving: [],
  configuration: [],
  access: undefined,
  entries: [],
  reveal: () => undefined,
}

test('memory is a budget: a cluster that exceeds it is refused, and one that goes smaller is not', (t) => {
  const options = (memoryMib: number) =>
    ({
      root: temporaryDirectory(t),
      components: [component()],
      share: { threads: 1, memoryMib: 64 },
      memoryMib,
    }) satisfies Partial<LocalOptions>
  const spec = specOf(['echo-1.0'])
  const [master, core] = spec.groups
  assert.equal(unmetMemory(options(300), { id: 'c', spec }), undefined)
  assert.deepEqual(unmetMemory(options(299), { id: 'c', spec }), { neededMib: 300, leftMib: 299 })
  const smaller = {
    ...spec,
    groups: [master, { ...core, nodes: core?.nodes.slice(1) }],
  } as ClusterSpec
  assert.equal(unmetMemory(options(1), { id: 'c', spec: smaller, before: spec }), undefined)
  assert.ok(unmetMemory(options(1), { id: 'c', spec, before: smaller }))
  // A larger share of the machine is a larger heap.
  const large = { ...options(300), share: { threads: 1, memoryMib: 4096 } }
  assert.deepEqual(unmetMemory(large, { id: 'c', spec }), { neededMib: 6252, leftMib: 300 })
})

test('orders for daemons that do not run here are refused, but for those that come with others', () => {
  const daemons = [
    { service: 'ECHO', name: 'Head', roles: ['master'] },
    { service: 'ECHO', name: 'Tail', roles: ['master'] },
  ]
  const before = specOf(['echo-1.0'], { daemons })
  const [node] = before.groups.flatMap((group) => group.nodes)
  const stopped = (...names: string[]) => {
    const chosen = names.map((name) => ({ node: node!.id, service: 'ECHO', name }))
    return withDaemonOrders(before, { act: 'stop', chosen })
  }
  const unmetRequirement = (was: ClusterSpec, spec: ClusterSpec) =>
    component().unmet?.({ id: 'c', spec, before: was })
  assert.deepEqual(unmetRequirement(before, stopped('Tail')), {
    what: 'ECHO Tail',
    detail: 'it does not run on this machine',
  })
  assert.equal(unmetRequirement(before, stopped('Head', 'Tail')), undefined)
  assert.equal(unmetRequirement(stopped('Head'), before), undefined)
  assert.equal(unmetRequirement(before, before), undefined)
})
