/**
 * What Tencent Cloud has when nothing is declared: in every region of the catalogue a VPC with a subnet in each zone, a
 * security group that lets EMR through, a key pair, a placement group, a metadata database, a container cluster and block storage's key; once the default project and
 * a bucket; quotas that only a load test of millions meets. Roles are the account's own (identity-rules.ts).
 * Ids consist of the names of regions and zones, so that they can be distinguished and typed.
 */
import type { BuiltIn, Limit, Resource } from '../../domain/environment.ts'
import { regions } from './catalogue/region.ts'
import type { Region } from './catalogue/schema.ts'
import { product as emr } from './emr/action.ts'
import { product as serverless } from './emr/serverless/action.ts'

const everywhere: readonly Resource[] = [
  { kind: 'project', id: '0', region: '', name: 'Default project' },
  { kind: 'bucket', id: 'emrys-1250000001', region: '' },
]

const limits: readonly Limit[] = [
  { rule: 'quota', measure: 'machine', most: 10_000_000 },
  { rule: 'quota', measure: 'cluster', most: 1_000_000 },
]

export const builtIn: BuiltIn = {
  name: 'tencent',
  products: [emr, serverless],
  resources: [...everywhere, ...regions.flatMap(resourcesOf)],
  limits,
  // Set aside for tests of devices, and routed nowhere (RFC 2544).
  publicAddresses: '198.18.0.0/15',
  ids: {
    network: { pattern: /^vpc-[0-9a-z]{1,32}$/, looks: 'vpc-xxxxxxxx' },
    subnet: { pattern: /^subnet-[0-9a-z]{1,32}$/, looks: 'subnet-xxxxxxxx' },
    'security-group': { pattern: /^sg-[0-9a-z]{8}$/, looks: 'sg-xxxxxxxx' },
    'key-pair': { pattern: /^skey-[0-9a-z]{8}$/, looks: 'skey-xxxxxxxx' },
    'placement-group': { pattern: /^(ps|disa)-[0-9a-z]{8}$/, looks: 'ps-xxxxxxxx' },
    'container-cluster': { pattern: /^cls-[0-9a-z]{8}$/, looks: 'cls-xxxxxxxx' },
    'metadata-database': {
      pattern: /^(cdb|cynosdbmysql|tdsqlshard)-[0-9a-z]{8}$/,
      looks: 'cdb-xxxxxxxx',
    },
    project: { pattern: /^\d{1,15}$/, looks: 'a number' },
  },
}

function resourcesOf({ name: region, en, zones }: Region): readonly Resource[] {
  const word = region.replaceAll('-', '')
  const network = `vpc-${word}`
  return [
    { kind: 'region', id: region, region: '', name: en },
    { kind: 'network', id: network, region, cidr: '10.0.0.0/8' },
    { kind: 'security-group', id: 'sg-emrysall', region },
    { kind: 'key-pair', id: 'skey-emryskey', region },
    { kind: 'placement-group', id: 'ps-emrysset', region, capacity: 1_000 },
    { kind: 'metadata-database', id: 'cdb-emrysmdb', region, network },
    { kind: 'container-cluster', id: 'cls-emryspod', region, network },
    { kind: 'encryption-key', id: 'KMS-CBS', region },
    ...zones.flatMap((zone, at): Resource[] => [
      { kind: 'zone', id: zone.name, region, name: zone.en },
      {
        kind: 'subnet',
        id: `subnet-${zone.name.replaceAll('-', '')}`,
        region,
        network,
        zone: zone.name,
        cidr: `10.${at + 1}.0.0/16`,
      },
    ]),
  ]
}
