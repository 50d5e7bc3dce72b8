/**
 * What Alibaba Cloud has when nothing is declared: in every region of the catalogue a VPC with a vSwitch in each zone, a
 * security group, a KMS key and a DLF catalog; once a bucket; quotas that only a load test of millions meets.
 * Roles are the account's own (identity-rules.ts).
 * Ids consist of the names of regions and zones, so that they can be distinguished and typed.
 */
import type { BuiltIn, Limit, Resource } from '../../domain/environment.ts'
import { regions } from './catalogue/region.ts'
import type { Region } from './catalogue/schema.ts'

const everywhere: readonly Resource[] = [{ kind: 'bucket', id: 'emrys-data', region: '' }]

const limits: readonly Limit[] = [
  { rule: 'quota', measure: 'machine', most: 100_000_000 },
  { rule: 'quota', measure: 'cluster', most: 1_000_000 },
]

export const builtIn: BuiltIn = {
  name: 'alibaba',
  products: ['starrocks'],
  resources: [...everywhere, ...regions.flatMap(resourcesOf)],
  limits,
  // Set aside for documentation of networks, and routed nowhere (RFC 5737).
  publicAddresses: '203.0.113.0/24',
  ids: {
    network: { pattern: /^vpc-[0-9A-Za-z_-]{1,60}$/, looks: 'vpc-xxxxxxxx' },
    subnet: { pattern: /^vsw-[0-9A-Za-z_-]{1,60}$/, looks: 'vsw-xxxxxxxx' },
    'security-group': { pattern: /^sg-[0-9A-Za-z_-]{1,60}$/, looks: 'sg-xxxxxxxx' },
    catalog: { pattern: /^[a-zA-Z_]\w{0,63}$/, looks: 'lake_1' },
    'resource-group': { pattern: /^rg-[0-9A-Za-z_-]{1,60}$/, looks: 'rg-xxxxxxxx' },
  },
}

function resourcesOf({ id: region, descriptionEn, zones }: Region): readonly Resource[] {
  const network = `vpc-${region}`
  return [
    { kind: 'region', id: region, region: '', name: descriptionEn },
    { kind: 'network', id: network, region, cidr: '10.0.0.0/8' },
    { kind: 'security-group', id: `sg-${region}`, region },
    { kind: 'encryption-key', id: `key-${region}`, region },
    { kind: 'catalog', id: 'emrys', region },
    ...zones.flatMap((zone, at): Resource[] => [
      { kind: 'zone', id: zone.id, region },
      {
        kind: 'subnet',
        id: `vsw-${zone.id}`,
        region,
        network,
        zone: zone.id,
        cidr: `10.${at + 1}.0.0/16`,
      },
    ]),
  ]
}
