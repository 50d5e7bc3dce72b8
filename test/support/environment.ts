/** A small environment of no cloud, for tests of the core. */
import { environments, type Environments } from '../../src/app/environment/environments.ts'
import { environmentOf, type Environment, type Resource } from '../../src/domain/environment.ts'
import type { Store } from '../../src/store/port.ts'

const region = 'r-1'

const sampleResources: readonly Resource[] = [
  { kind: 'region', id: region, region: '' },
  { kind: 'zone', id: 'z-1', region },
  { kind: 'zone', id: 'z-2', region },
  { kind: 'network', id: 'n-1', region, cidr: '10.0.0.0/8' },
  { kind: 'subnet', id: 's-1', region, network: 'n-1', zone: 'z-1', cidr: '10.1.0.0/28' },
  { kind: 'subnet', id: 's-2', region, network: 'n-1', zone: 'z-2', cidr: '10.2.0.0/16' },
  { kind: 'security-group', id: 'g-bad', region, problem: 'it lets nobody in' },
  { kind: 'key-pair', id: 'k-gone', region, absent: true },
]

export type EnvironmentChange = Partial<
  Omit<Environment, 'resources'> & { readonly resources: readonly Resource[] }
>

export function sampleEnvironment(change: EnvironmentChange = {}): Environment {
  return environmentOf({
    name: 'sample',
    mode: 'open',
    limits: [],
    publicAddresses: '198.18.0.0/24',
    ...change,
    resources: [...sampleResources, ...(change.resources ?? [])],
  })
}

export function sampleEnvironments(store: Store, change: EnvironmentChange = {}): Environments {
  const environment = sampleEnvironment(change)
  return environments({ store, inForce: () => environment })
}
