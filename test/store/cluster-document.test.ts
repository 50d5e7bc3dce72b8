import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Cluster } from '../../src/domain/cluster/cluster.ts'
import type { ExtensionDecoder } from '../../src/domain/cluster/extension.ts'
import { extensionDecoder as alibaba } from '../../src/dialect/alibaba/starrocks/instance/extension.ts'
import { extensionDecoder as tencent } from '../../src/dialect/tencent/emr/cluster/extension.ts'
import { clusterDecoder } from '../../src/store/cluster-document.ts'
import { changeActions, changingCluster } from '../support/fixture/change.ts'
import { sampleCluster, sampleGroup } from '../support/fixture/sample.ts'

const decode = clusterDecoder(
  new Map([
    ['starrocks', alibaba],
    ['emr', tencent],
  ]),
)

/** What a cluster had in common in the flat form, in which it was stored until 0.1. */
const flat = {
  id: 'c-1',
  account: 'a',
  region: 'r',
  name: 'old',
  createdMs: 5,
  substrate: 'simulation',
  scope: 'rg-1',
  tags: [{ key: 'k', value: 'v' }],
  charge: { mode: 'postpaid', autoRenew: false, order: 'o-1' },
  reservations: [{ measure: 'cluster', type: '', zone: 'z', charge: 'postpaid', amount: 1 }],
  secrets: { adminPassword: 'SEALED' },
  software: { family: 'f', version: '3.3.8', components: ['fe'] },
  network: { vpc: 'v', zone: 'z', subnets: [{ id: 's', zone: 'z' }], securityGroups: ['sg'] },
  generation: 1,
  observedGeneration: 1,
  state: 'running',
  reason: '',
  stateSinceMs: 9,
  startedMs: 8,
  endpoints: [{ name: 'mysql', host: '127.0.0.1', port: 9030 }],
  encryption: { key: 'key-1' },
}

const flatGroup = {
  id: 'g-1',
  role: 'fe',
  name: 'defaultFeNodeGroup',
  cpu: 8,
  memoryMib: 32_768,
  spec: 'standard',
  disks: [],
  zone: 'z',
  subnet: 's',
  nodes: [
    {
      id: 'n-0',
      index: 0,
      name: 'fe-0',
      address: '10.0.0.1',
      publicAddress: '1.2.3.4',
      ready: true,
    },
    { id: 'n-1', index: 1, name: 'fe-1', ready: false },
  ],
}

const alibabaTraits = {
  version: '3.3',
  runMode: 'shared_data',
  packageType: 'official',
  architecture: 'onEci',
  encrypted: true,
  kmsKeyId: 'key-1',
  ossRole: 'role',
  gatewayType: 'Privatezone',
  multiZone: false,
  aiClusterId: '',
  promotion: '',
  catalog: null,
  linkedPrincipal: null,
}
const alibabaGroup = {
  component: 'FE',
  defaultGroup: true,
  description: 'the first',
  localStorageInstanceType: 'non_local_storage',
}
const flatInstance = {
  ...flat,
  product: 'starrocks',
  traits: alibabaTraits,
  groups: [{ ...flatGroup, traits: alibabaGroup }],
}

const files = [
  {
    service: 'HDFS',
    version: '2.8.5',
    file: 'hdfs-site.xml',
    properties: { 'dfs.replication': '2' },
  },
]
const tencentTraits = {
  productId: 44,
  class: 'hadoop',
  scene: 'Hadoop-Default',
  highAvailability: false,
  security: false,
  components: ['hdfs'],
  publicMaster: false,
  remoteLogin: true,
  encrypted: false,
  storage: null,
  publicKeyId: '',
  applicationRole: '',
  placementGroups: [],
  metadata: {
    type: 'EMR_DEFAULT_META',
    database: '',
    bought: false,
    version: '',
    url: '',
    user: '',
    probe: '',
  },
}
const tencentGroup = { diskType: 'CLOUD_PREMIUM', tags: [] }
const flatEmr = {
  ...flat,
  product: 'emr',
  traits: { ...tencentTraits, configuration: files },
  groups: [{ ...flatGroup, traits: tencentGroup }],
}

test('a flat instance becomes one with spec, status and a declared extension', () => {
  const {
    traits: _t,
    description,
    ...group
  } = { ...flatGroup, traits: 0, description: 'the first' }
  const { spec: machine, nodes: _n, ...kept } = group
  const { version: requestedVersion, ...members } = alibabaTraits
  const { description: _moved, ...groupMembers } = alibabaGroup
  const head = { dialect: 'alibaba', version: 1 }
  assert.deepEqual(decode(flatInstance), {
    id: 'c-1',
    account: 'a',
    region: 'r',
    product: 'starrocks',
    name: 'old',
    createdMs: 5,
    substrate: 'simulation',
    resourceGroup: 'rg-1',
    tags: flat.tags,
    charge: flat.charge,
    reservations: flat.reservations,
    secrets: flat.secrets,
    extension: { ...members, requestedVersion, ...head },
    spec: {
      generation: 1,
      running: true,
      software: flat.software,
      network: flat.network,
      encryption: flat.encryption,
      configuration: [],
      groups: [
        {
          ...kept,
          machine,
          description,
          nodes: [
            {
              id: 'n-0',
              index: 0,
              name: 'fe-0',
              address: '10.0.0.1',
              publicAddress: '1.2.3.4',
              restarts: 0,
            },
            { id: 'n-1', index: 1, name: 'fe-1', restarts: 0 },
          ],
          extension: { ...groupMembers, ...head },
        },
      ],
    },
    status: {
      state: 'running',
      reason: '',
      stateSinceMs: 9,
      observedGeneration: 1,
      startedMs: 8,
      endpoints: flat.endpoints,
      nodes: { 'n-0': { address: '10.0.0.1', publicAddress: '1.2.3.4', ready: true } },
    },
  })
})

test('a flat cluster of the other cloud keeps its settings as what is wanted', () => {
  const { spec, extension } = decode(flatEmr)
  const head = { dialect: 'tencent', version: 1 }
  assert.deepEqual(extension, { ...tencentTraits, ...head })
  assert.deepEqual(spec.configuration, files)
  assert.deepEqual(spec.groups[0]?.extension, { ...tencentGroup, ...head })
  assert.equal(spec.groups[0]?.description, '')
})

test('one that was isolated wants its nodes stopped, and one that its owner isolated says so in the word of today', () => {
  for (const state of ['suspended', 'isolated'])
    assert.equal(decode({ ...flatEmr, state }).spec.running, false)
  const stop = { why: 'given-up', releaseMs: 7 }
  const { charge } = decode({ ...flatEmr, state: 'isolated', charge: { ...flat.charge, stop } })
  assert.deepEqual(charge, { ...flat.charge, stop: { why: 'owner-isolated', releaseMs: 7 } })
  const expired = { why: 'expired', releaseMs: 7 }
  const kept = decode({ ...flatEmr, charge: { ...flat.charge, stop: expired } })
  assert.deepEqual(kept.charge.stop, expired)
})

test('what was not known of a flat cluster is not made up', () => {
  const { startedMs: _s, endpoints: _e, encryption: _k, reservations: _r, ...less } = flatEmr
  const { status, spec, reservations } = decode({ ...less, denied: 'no stock', releasedMs: 4 })
  assert.deepEqual(
    [status.startedMs, status.endpoints, spec.encryption, spec.scripts, reservations],
    [undefined, undefined, undefined, undefined, undefined],
  )
  for (const name of ['startedMs', 'endpoints']) assert.ok(!(name in status), name)
  assert.deepEqual([status.denied, status.releasedMs], ['no stock', 4])
})

test('an upgraded document is one of today: decoding it again changes nothing', () => {
  for (const old of [flatInstance, flatEmr]) {
    const now = decode(old)
    assert.deepEqual(decode(structuredClone(now)), now)
  }
})

test('a document of today is returned as it is', () => {
  const groupExtension = { dialect: 'tencent', version: 1, ...tencentGroup }
  const present = sampleCluster({
    product: 'emr',
    extension: { dialect: 'tencent', version: 1, ...tencentTraits },
    spec: { groups: [{ ...sampleGroup('g', 1), extension: groupExtension }] },
  })
  assert.deepEqual(decode(structuredClone(present)), present)
})

test('a product without a decoder keeps its extension, whatever it is', () => {
  const cluster = sampleCluster({ product: 'other' })
  assert.equal(decode(cluster), cluster)
})

test('what was wanted before a change is decoded like what is wanted now', () => {
  const decoder: ExtensionDecoder = {
    dialect: 'sample',
    cluster: (value) => ({ ...(value as Cluster['extension']), version: 2 }),
    group: (value) => ({ ...(value as Cluster['extension']), version: 3 }),
  }
  const cluster = changingCluster(changeActions.restart)
  const { extension, spec, change } = clusterDecoder(new Map([['p', decoder]]))(cluster)
  assert.equal(extension.version, 2)
  for (const each of [spec, change!.before])
    assert.deepEqual(
      each.groups.map((group) => group.extension.version),
      [3],
    )
})

test('an extension that is broken is an error that names what is wrong', () => {
  const { runMode: _, ...lacking } = alibabaTraits
  assert.throws(() => decode({ ...flatInstance, traits: lacking }), /runMode/)
  const wrong = { ...tencentTraits, metadata: { ...tencentTraits.metadata, bought: 'yes' } }
  assert.throws(() => decode({ ...flatEmr, traits: wrong }), /\/metadata\/bought must be boolean/)
  const groups = [{ ...flatGroup, traits: { ...alibabaGroup, component: 'XX' } }]
  assert.throws(() => decode({ ...flatInstance, groups }), /\/component/)
  const present = decode(flatInstance)
  const extension = { ...present.extension, version: 2 }
  assert.throws(() => decode({ ...present, extension }), /\/version/)
})
