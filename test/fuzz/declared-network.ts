/**
 * The networks of legal requests, declared, so that a changed request cannot have one of them adopted elsewhere. Everything else
 * is adopted where it is first seen.
 */
import { networks } from './valid-alibaba.ts'
import { networkIds } from './valid-tencent.ts'

export function declaredNetworks(): string {
  const alibaba = networks.flatMap(({ vpc, switches }) =>
    Object.entries(switches).map(([zone, subnet]) => ({ vpc, subnet, zone })),
  )
  return [
    ...section('alibaba', 'cn-hangzhou', alibaba),
    ...section('tencent', 'ap-guangzhou', networkIds()),
  ].join('\n')
}

interface Placed {
  readonly vpc: string
  readonly subnet: string
  readonly zone: string
}

function section(cloud: string, region: string, subnets: readonly Placed[]): readonly string[] {
  const vpcs = [...new Set(subnets.map(({ vpc }) => vpc))]
  return [
    `${cloud}:`,
    '  networks:',
    ...vpcs.map((id) => `    - { id: ${id}, region: ${region}, cidr: 10.0.0.0/8 }`),
    '  subnets:',
    ...subnets.map(
      ({ vpc, subnet, zone }, at) =>
        `    - { id: ${subnet}, region: ${region}, network: ${vpc}, zone: ${zone}, cidr: 10.${(at % 2) * 16}.0.0/12 }`,
    ),
  ]
}
