import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ClusterSpec } from '../../../../src/domain/cluster/spec.ts'
import { newAccess, withAllowList, type Access } from '../../../../src/domain/cluster/access.ts'
import type { ExposureProvision } from '../../../../src/substrate/kubernetes/starrocks/exposure.ts'
import { unmetRequirement } from '../../../../src/substrate/kubernetes/starrocks/requirement.ts'
import {
  dataDisk,
  instanceSpec,
  partGroup,
  sampleProvision,
} from '../../../support/fixture/starrocks-instance.ts'

const [fe, be] = [partGroup('fe', 1), partGroup('be', 3)]

function lacking(spec: ClusterSpec, before?: ClusterSpec): string | undefined {
  const unmet = unmetRequirement({ id: 'c-1', spec, ...(before && { before }) }, sampleProvision)
  return unmet && 'what' in unmet ? unmet.what : undefined
}

test('an instance of front ends and back ends lacks nothing', () => {
  assert.equal(lacking(instanceSpec()), undefined)
  assert.equal(lacking(instanceSpec([partGroup('fe', 3), be])), undefined)
})

test('of an access, what the administrator of the Kubernetes cluster provides for, and no two that exclude each other', () => {
  const plain = newAccess({ id: 'dg-1', name: 'default', balanced: true })
  const [gateway] = plain.gateways
  const open = { ...plain, gateways: [{ ...gateway, open: true }] as const }
  const listed = withAllowList(plain, { name: 'office', blocks: ['192.0.2.0/24'] })
  const both = { ...listed, exposed: ['be'] }
  const own = { blocks: ['10.0.0.0/8'] }
  const by = { by: 'load-balancer' } as const
  const cases: readonly (readonly [Access, ExposureProvision, string | undefined])[] = [
    [plain, {}, undefined],
    [open, {}, 'a public address'],
    [{ ...plain, exposed: ['be'] }, {}, 'a public address'],
    [open, { public: by }, undefined],
    [listed, { public: by }, 'a list of addresses'],
    [listed, { own }, undefined],
    [both, { own, public: by }, 'a list of addresses beside a public address'],
    [{ ...plain, leaderIsolated: true }, {}, 'several gateways'],
    [{ ...plain, gateways: [gateway, { ...gateway, id: 'g' }] }, {}, 'several gateways'],
  ]
  for (const [access, exposure, what] of cases) {
    const spec = instanceSpec([fe, be], { access })
    const unmet = unmetRequirement({ id: 'c-1', spec }, { ...sampleProvision, exposure })
    assert.equal(unmet && 'what' in unmet ? unmet.what : undefined, what)
  }
})

test('TLS is there from the version on that has it, whichever was asked for', () => {
  const plain = newAccess({ id: 'dg-1', name: 'default', balanced: true })
  const encryption = { secret: 's', certificate: 'c', custom: false }
  const lackWith = (runs: string | undefined, access: Access = { ...plain, encryption }) => {
    const spec = instanceSpec([fe, be], { access })
    const versions = runs === undefined ? {} : { versions: { starrocks: runs } }
    const unmet = unmetRequirement({ id: 'c-1', spec }, { ...sampleProvision, ...versions })
    return unmet && 'what' in unmet ? unmet.what : undefined
  }
  for (const runs of [undefined, '3.4.0', '2.5.22'])
    assert.equal(lackWith(runs), 'encryption of connections', runs)
  for (const runs of ['3.4.1', '3.5.0', '4.0.0']) assert.equal(lackWith(runs), undefined, runs)
  assert.equal(lackWith(undefined, { ...plain, encryption: 'off' }), undefined)
})

test('encrypted disks need a StorageClass that encrypts, for each level', () => {
  const spec = instanceSpec([fe, be], { encryption: { key: 'key-1' } })
  const lackWith = (encryptedStorageClasses?: Readonly<Record<string, string>>) => {
    const more = encryptedStorageClasses && { encryptedStorageClasses }
    const unmet = unmetRequirement({ id: 'c-1', spec }, { ...sampleProvision, ...more })
    return unmet && 'what' in unmet ? unmet.what : undefined
  }
  assert.equal(lackWith(), 'encryption')
  assert.equal(lackWith({ pl3: 'sealed' }), 'encrypted disks of pl1')
  assert.equal(lackWith({ '*': 'sealed' }), undefined)
})

test('local disks need a StorageClass that is named for their machines, and no default will do', () => {
  const local = { ...be, machine: 'localSSD', disks: [dataDisk({ level: '' })] }
  const spec = instanceSpec([fe, local])
  const lackWith = (storageClasses: Readonly<Record<string, string>>) => {
    const unmet = unmetRequirement({ id: 'c-1', spec }, { ...sampleProvision, storageClasses })
    return unmet && 'what' in unmet ? unmet.what : undefined
  }
  assert.equal(lackWith({ '*': 'any' }), 'local disks')
  assert.equal(lackWith({ '*': 'any', localSSD: 'nvme' }), undefined)
})

test('machines with an enhanced network are those that the environment names', () => {
  const spec = instanceSpec([fe, { ...be, machine: 'networkEnhanced' }])
  const machines = { networkEnhanced: { 'example.com/net': 'fast' } }
  assert.equal(lacking(spec), 'networkEnhanced')
  assert.equal(unmetRequirement({ id: 'c-1', spec }, { ...sampleProvision, machines }), undefined)
})

test('compute nodes need somebody who keeps objects', () => {
  const spec = instanceSpec([fe, partGroup('cn', 1)])
  const lackWith = (keepsObjects: boolean) =>
    unmetRequirement({ id: 'c-1', spec, keepsObjects }, sampleProvision)
  assert.equal(lackWith(true), undefined)
  assert.match(JSON.stringify(lackWith(false)), /compute nodes.*object-storage/)
})

test('further groups of workers, and observers, may be there, be empty, and go', () => {
  const [more, none] = [partGroup('be', 2, { id: 'm' }), partGroup('be', 0, { id: 'n' })]
  const all = instanceSpec([fe, be, more, none, partGroup('observer', 2)])
  assert.equal(lacking(all), undefined)
  assert.equal(lacking(instanceSpec([fe, be]), all), undefined)
  assert.equal(lacking(instanceSpec([fe, more]), all), 'removing a group')
})

test('a catalog that a server keeps, and a user for it, are there', () => {
  const catalog = { name: 'c', type: 'iceberg', rest: 'http://rest.example:8181' }
  assert.equal(lacking(instanceSpec([fe, be], { catalog, linkedUser: 'u' })), undefined)
})

function oldInstance(more: Partial<ClusterSpec>): ClusterSpec {
  const spec = instanceSpec([fe, be], more)
  return { ...spec, software: { ...spec.software, version: '2.5.22-1.60-1.6.0' } }
}

test('what has no place is refused by its name', () => {
  const file = { service: 's', version: '1', file: 'FE', properties: { http_port: '1' } }
  const cases: readonly (readonly [string, ClusterSpec])[] = [
    ['a group of agent', instanceSpec([fe, be, { ...fe, id: 'o', role: 'agent', disks: [] }])],
    ['back ends beside compute nodes', instanceSpec([fe, be, partGroup('cn', 1)])],
    ['no workers', instanceSpec([fe])],
    ['no workers', instanceSpec([fe, partGroup('observer', 1)])],
    ['several groups of front ends', instanceSpec([fe, { ...fe, id: 'f' }, be])],
    ['a group without nodes', instanceSpec([fe, partGroup('be', 0)])],
    ['the setting http_port', instanceSpec([fe, be], { configuration: [file] })],
    ['a catalog of paimon', instanceSpec([fe, be], { catalog: { name: 'c', type: 'paimon' } })],
    ['a catalog in a folder', instanceSpec([fe, be], { catalog: { name: 'c', type: 'iceberg' } })],
    ['a linked user', oldInstance({ linkedUser: 'u' })],
    ['a backup to begin with', instanceSpec([fe, be], { origin: { cluster: 'c', snapshot: 's' } })],
    ['disks of pl3', instanceSpec([fe, { ...be, disks: [dataDisk({ level: 'pl3' })] }])],
    ['local disks', instanceSpec([fe, { ...be, disks: [dataDisk({ level: '' })] }])],
    ['a small disk', instanceSpec([{ ...fe, disks: [dataDisk({ sizeGib: 5 })] }, be])],
    ['the zone zone-elsewhere', instanceSpec([fe, { ...be, zone: 'zone-elsewhere' }])],
    ['networkEnhanced', instanceSpec([fe, { ...be, machine: 'networkEnhanced' }])],
  ]
  for (const [what, spec] of cases) assert.equal(lacking(spec), what)
})

test('a change that would lose data, or that volumes cannot follow, is refused; more and larger nodes are not', () => {
  const before = instanceSpec()
  const cases: readonly (readonly [string | undefined, ClusterSpec])[] = [
    ['another zone', instanceSpec([fe, { ...be, zone: 'z2' }])],
    ['other disks', instanceSpec([fe, { ...be, disks: [dataDisk({ sizeGib: 50 })] }])],
    ['other disks', instanceSpec([fe, { ...be, disks: [dataDisk({ level: 'pl0' })] }])],
    [undefined, instanceSpec([fe, { ...be, disks: [dataDisk({ sizeGib: 200 })] }])],
    [undefined, instanceSpec([fe, { ...be, disks: [dataDisk({ count: 2 })] }])],
    ['removing a group', instanceSpec([fe, { ...be, id: 'w' }])],
    [undefined, instanceSpec([partGroup('fe', 3), partGroup('be', 5)])],
    [undefined, instanceSpec([fe, partGroup('be', 2)])],
    [undefined, instanceSpec([fe, { ...be, cpu: 16, memoryMib: 65_536 }])],
  ]
  for (const [what, spec] of cases) assert.equal(lacking(spec, before), what)
  const several = instanceSpec([partGroup('fe', 3), be])
  assert.equal(lacking(instanceSpec([fe, be]), several), 'one front end')
  assert.equal(lacking(instanceSpec([partGroup('fe', 2), be]), several), undefined)
})
