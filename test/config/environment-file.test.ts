import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { declared } from '../../src/domain/environment.ts'
import { EnvironmentProblem, readDeclared } from '../../src/config/environment-file.ts'
import { environmentSource } from '../../src/config/environment-source.ts'
import { silentLogger } from '../../src/kernel/log.ts'
import { limits } from '../../src/limits.ts'
import { builtInEnvironments } from '../../src/server/vendor.ts'
import { temporaryDirectory } from '../support/process/directory.ts'

const example = readFileSync(
  join(import.meta.dirname, '../..', 'docs', 'environment.example.yaml'),
  'utf8',
)

function read(text: string, mode: 'open' | 'closed' = 'open') {
  return readDeclared(text, builtInEnvironments, mode).environments
}

function readByName(text: string, mode: 'open' | 'closed' = 'open') {
  const all = read(text, mode)
  const [emr, starrocks] = [all.get('emr'), all.get('starrocks')]
  assert.ok(emr && starrocks)
  return { emr, starrocks }
}

function problemsOf(text: string): readonly string[] {
  try {
    read(text)
  } catch (problem) {
    assert.ok(problem instanceof EnvironmentProblem)
    return problem.problems
  }
  return []
}

test('the documented example is read, and lies over what is built in', () => {
  const { emr, starrocks } = readByName(example, 'closed')
  assert.equal(emr.mode, 'closed')
  assert.equal(emr.publicAddresses, '203.0.113.0/24')
  const subnet = declared(emr, 'subnet', 'subnet-batch', 'ap-guangzhou')
  assert.deepEqual([subnet?.zone, subnet?.cidr], ['ap-guangzhou-3', '10.20.3.0/24'])
  assert.ok(declared(emr, 'subnet', 'subnet-apguangzhou3', 'ap-guangzhou'))
  assert.equal(declared(emr, 'zone', 'ap-guangzhou-2', 'ap-guangzhou')?.absent, true)
  assert.equal(declared(emr, 'project', '1001', '')?.name, 'data platform')
  assert.deepEqual(emr.limits[0], {
    rule: 'stock',
    measure: 'machine',
    type: 'S5.2XLARGE32',
    zone: 'ap-guangzhou-3',
    charge: 'postpaid',
    most: 12,
  })
  assert.ok(declared(starrocks, 'encryption-key', 'key-olap', 'cn-hangzhou'))
  const lake = declared(starrocks, 'catalog', 'lake', 'cn-hangzhou')
  assert.equal(lake?.location, 'oss://emrys-data/lake/')
})

test('a catalog lies in a folder of a bucket, and has a name that the database can have', () => {
  const items = [
    '{ id: a, region: cn-hangzhou, location: "file:///etc" }',
    '{ id: b, region: cn-hangzhou, location: "oss://lake/../x/" }',
    '{ id: c-d, region: cn-hangzhou }',
  ]
  const text = `alibaba:\n  catalogs:\n${items.map((item) => `    - ${item}\n`).join('')}`
  const said = problemsOf(text)
  assert.equal(said.length, 3)
  assert.match(said[0] ?? '', /^line 3: location must look like oss:/)
  assert.match(said[1] ?? '', /^line 4: location must hold no \. or \.\./)
  assert.match(said[2] ?? '', /catalog c-d could never be requested/)
})

test('servers that catalogs are read from are addresses, and a catalog names one of them', () => {
  const section = (servers: string, rest: string) =>
    `alibaba:\n  iceberg-rest: [${servers}]\n  catalogs: [{ id: a, region: cn-hangzhou, rest: "${rest}" }]\n`
  const good = readByName(section('"http://127.0.0.1:8181/ice"', 'http://127.0.0.1:8181/ice'))
  assert.deepEqual(good.starrocks.icebergRest, ['http://127.0.0.1:8181/ice'])
  assert.match(
    problemsOf(section('"http://a"', 'http://b'))[0] ?? '',
    /^line 3: catalog a is kept by http:\/\/b, which iceberg-rest lacks/,
  )
  for (const server of ['file:///etc', 'http://u@h', 'http://h/../x?y', 'http://h#', 'h:1'])
    assert.match(problemsOf(section(`"${server}"`, server))[0] ?? '', /must look like http/, server)
  const many = Array.from({ length: 21 }, (_, at) => `"http://h${at}"`)
  assert.match(problemsOf(section(many.join(), 'http://h0'))[0] ?? '', /at most 20 servers/)
  assert.match(problemsOf('tencent:\n  iceberg-rest: []\n')[0] ?? '', /iceberg-rest/)
})

test('metastores of Hive that catalogs are read from are addresses of Thrift', () => {
  const section = (servers: string) => `alibaba:\n  hive-metastores: [${servers}]\n`
  const good = readByName(section('"thrift://127.0.0.1:7004"'))
  assert.deepEqual(good.starrocks.hiveMetastores, ['thrift://127.0.0.1:7004'])
  for (const server of ['thrift://h', 'http://h:1', 'thrift://u@h:1', 'thrift://h:1/x', 'h:1'])
    assert.match(
      problemsOf(section(`"${server}"`))[0] ?? '',
      /^line 2: a server of hive-metastores must look like thrift:\/\/HOST:PORT/,
      server,
    )
  assert.match(problemsOf('tencent:\n  hive-metastores: []\n')[0] ?? '', /hive-metastores/)
})

test('without a file every product has what is built in, in agreement with itself', () => {
  const built = read('')
  assert.deepEqual([...built.keys()], ['starrocks', 'emr', 'emr-serverless'])
  for (const environment of built.values()) {
    const kinds = new Set([...environment.resources.values()].map(({ kind }) => kind))
    for (const kind of ['region', 'zone', 'network', 'subnet', 'security-group', 'bucket'] as const)
      assert.ok(kinds.has(kind), `${environment.name} has no ${kind}`)
  }
})

test('an empty base has nothing but what the file lists', () => {
  const { emr } = readByName('tencent: { base: empty, projects: [{ id: 7 }] }')
  assert.equal(emr.resources.size, 1)
  assert.deepEqual(emr.limits, [])
})

const GUANGZHOU = 'region: ap-guangzhou'
const wrong: readonly [string, string, readonly RegExp[]][] = [
  ['no YAML', 'tencent: [', [/^line 1: /]],
  ['a list at the top', '- a', [/^line 1: the file must be a mapping$/]],
  [
    'an unknown cloud',
    '\namazon: {}',
    [/^line 2: the file has no member amazon; it takes alibaba, tencent, kubernetes$/],
  ],
  [
    'an unknown list',
    'tencent:\n  nets: []',
    [/^line 2: tencent has no member nets; it takes base, .*networks/],
  ],
  [
    'an unknown member',
    `tencent:\n  networks:\n    - { id: vpc-a, ${GUANGZHOU}, cidr: 10.0.0.0/16, colour: red }`,
    [
      /^line 3: an item of networks has no member colour; it takes id, cidr, region, name, absent, problem$/,
    ],
  ],
  ['a member twice', 'tencent: {}\ntencent: {}', [/^line 2: Map keys must be unique/]],
  [
    'no region',
    'tencent:\n  key-pairs: [{ id: skey-12345678 }]',
    [/^line 2: an item of key-pairs needs region$/],
  ],
  [
    'an id that nobody could ask for',
    `tencent:\n  security-groups: [{ id: sg-1, ${GUANGZHOU} }]`,
    [/^line 2: security-group sg-1 could never be requested: ids look like sg-xxxxxxxx$/],
  ],
  [
    'an unknown region',
    'tencent:\n  key-pairs: [{ id: skey-12345678, region: cn-hangzhou }]',
    [/cn-hangzhou is not a region of tencent/],
  ],
  [
    'an unknown zone',
    `tencent:\n  zones: [{ id: mars-1, ${GUANGZHOU} }]`,
    [/^line 2: mars-1 is not a zone of ap-guangzhou$/],
  ],
  [
    'a block that is none',
    `tencent:\n  networks:\n    - id: vpc-a\n      ${GUANGZHOU}\n      cidr: 10.0.0.1/16`,
    [
      /^line 3: an item of networks needs cidr$/,
      /^line 5: cidr must be a block of at least 8 addresses/,
    ],
  ],
  [
    'a subnet outside of its network',
    `tencent:\n  subnets:\n    - { id: subnet-a, ${GUANGZHOU}, network: vpc-apguangzhou, zone: ap-guangzhou-3, cidr: 172.16.0.0/24 }`,
    [
      /^line 3: subnet subnet-a has 172\.16\.0\.0\/24, which is not within 10\.0\.0\.0\/8 of vpc-apguangzhou$/,
    ],
  ],
  [
    'a subnet over a built-in one',
    `tencent:\n  subnets:\n    - { id: subnet-a, ${GUANGZHOU}, network: vpc-apguangzhou, zone: ap-guangzhou-3, cidr: 10.1.1.0/24 }`,
    [/^line 3: .*overlaps 10\.1\.0\.0\/16 of subnet-apguangzhou1$/],
  ],
  [
    'the same twice',
    'tencent:\n  projects:\n    - { id: 7 }\n    - { id: 7 }',
    [/^line 4: project 7 is declared on line 3 already$/],
  ],
  [
    'a limit of nothing',
    'tencent:\n  stock:\n    - { amount: 1 }',
    [/^line 3: an item of stock must say of what: one of cluster, machine/],
  ],
  [
    'a limit without amount',
    'tencent:\n  quotas: [{ of: machine }]',
    [/^line 2: an item of quotas needs amount$/],
  ],
  [
    'an amount below zero',
    'tencent:\n  quotas: [{ of: machine, amount: -1 }]',
    [/^line 2: amount must be a whole number from 0 to/],
  ],
  [
    'an unknown charge',
    'tencent:\n  stock: [{ of: machine, charge: free, amount: 1 }]',
    [/charge must be postpaid or prepaid/],
  ],
  [
    'a limit of an unknown zone',
    'tencent:\n  stock: [{ of: machine, zone: mars-1, amount: 1 }]',
    [/^line 2: mars-1 is not a zone of tencent$/],
  ],
  [
    'a truth that is none',
    'tencent:\n  projects: [{ id: 7, absent: perhaps }]',
    [/^line 2: absent must be true or false$/],
  ],
  ['an unknown base', 'tencent: { base: nothing }', [/^line 1: base must be built-in or empty$/]],
  [
    'several things',
    'alibaba: { x: 1 }\ntencent:\n  base: no\n  stock: [{}]',
    [
      /^line 1: alibaba has no member x/,
      /^line 3: base must be a text|^line 3: base must be built-in/,
      /^line 4: .* one of cluster/,
      /^line 4: .* needs amount/,
    ],
  ],
]
for (const [what, text, expected] of wrong) {
  test(`a file with ${what} is refused with its line`, () => {
    const problems = problemsOf(text)
    assert.equal(problems.length, expected.length, problems.join('\n'))
    for (const [at, pattern] of expected.entries()) assert.match(problems[at] ?? '', pattern)
  })
}

test('a file that repeats itself by reference is refused, and so is one that is too large', () => {
  assert.notDeepEqual(
    problemsOf('tencent:\n  projects: &a [{ id: 7 }]\nalibaba:\n  projects: *a'),
    [],
  )
  assert.match(problemsOf('#'.repeat(limits.environmentFileBytes + 1))[0] ?? '', /larger than/)
})

test('what the Kubernetes cluster has is declared beside the clouds', () => {
  const kubernetesOf = (text: string) => readDeclared(text, builtInEnvironments, 'open').kubernetes
  assert.deepEqual(kubernetesOf('alibaba: {}'), {})
  const text = `kubernetes:
  storage-classes: { pl1: fast, "*": plain }
  encrypted-storage-classes: { "*": sealed }
  zones: { cn-hangzhou-i: rack-1 }
  subnets: { vsw-blue: { example.com/network: blue } }
  machines: { networkEnhanced: { example.com/net: fast } }
  images: registry.example/starrocks/
  versions: { kafka: 4.2.0 }
`
  assert.deepEqual(kubernetesOf(text), {
    storageClasses: { pl1: 'fast', '*': 'plain' },
    encryptedStorageClasses: { '*': 'sealed' },
    zones: { 'cn-hangzhou-i': 'rack-1' },
    subnets: { 'vsw-blue': { 'example.com/network': 'blue' } },
    machines: { networkEnhanced: { 'example.com/net': 'fast' } },
    images: 'registry.example/starrocks',
    versions: { kafka: '4.2.0' },
  })
  const strange = `kubernetes:
  storage-classes: [fast]
  zones: { a: "rack 1" }
  subnets: { vsw-blue: { "no label": blue }, vsw-red: red }
  images: "Registry/with space"
  disks: {}
`
  assert.deepEqual(problemsOf(strange), [
    'line 2: storage-classes must be a mapping',
    'line 3: a of zones cannot be rack 1',
    'line 4: no label cannot be the name of a label',
    'line 4: the labels of vsw-red must be a mapping',
    'line 5: images must be the address of a registry with its path',
    'line 6: kubernetes has no member disks; it takes storage-classes, encrypted-storage-classes, zones, subnets, machines, images, versions',
  ])
})

test('a file is read again; a broken one changes nothing and is logged with its lines', (t) => {
  const file = join(temporaryDirectory(t), 'environment.yaml')
  const logged: string[] = []
  const log = {
    ...silentLogger(),
    error: (facts: object, message: string) => void logged.push(JSON.stringify([facts, message])),
  }
  const options = { file, mode: 'open', builtIns: builtInEnvironments, log } as const
  assert.throws(() => environmentSource(options), /not readable/)
  writeFileSync(file, 'tencent: { projects: [{ id: 1 }] }')
  const source = environmentSource(options)
  const has = (id: string) => declared(source.inForce('emr')!, 'project', id, '') !== undefined
  assert.ok(has('1'))
  writeFileSync(file, 'tencent: { projects: [{ id: 2 }] }')
  assert.equal(source.reload(), true)
  assert.deepEqual([has('1'), has('2')], [false, true])
  writeFileSync(file, 'tencent:\n  projects: 3')
  assert.equal(source.reload(), false)
  assert.ok(has('2'))
  assert.match(logged.join(''), /line 2: projects must be a list.*the old one stays in force/)
  writeFileSync(file, 'tencent:\n  project: []')
  assert.throws(
    () => environmentSource(options),
    /environment\.yaml, line 2: tencent has no member/,
  )
})
