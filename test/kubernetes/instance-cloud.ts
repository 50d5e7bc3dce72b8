/** A server whose instances are carried by a control plane of a test: as the server opens it itself, but for where pods are reached. */
import { setTimeout as pause } from 'node:timers/promises'
import { join } from 'node:path'
import { loadConfig, type Config } from '../../src/config/config.ts'
import { systemClock, type MovableClock } from '../../src/kernel/clock.ts'
import { silentLogger } from '../../src/kernel/log.ts'
import { random } from '../../src/kernel/random.ts'
import { kubernetesClient } from '../../src/substrate/kubernetes/client.ts'
import { kubernetes, type KubernetesOptions } from '../../src/substrate/kubernetes/kubernetes.ts'
import type { Substrate } from '../../src/substrate/port.ts'
import type { InstanceOptions } from '../support/fixture/alibaba-instance.ts'
import type { ControlPlane } from './control-plane.ts'
import { reach } from './kubelet.ts'

type Carried = Pick<KubernetesOptions, 'frontends' | 'provision'> & {
  readonly clock?: MovableClock
}

/** Its namespaces begin with `emrys-`. The API server takes no address of this machine for a pod: `reach` says where they are. */
export function onKubernetes(
  { access, directory }: ControlPlane,
  { frontends, provision, clock = systemClock() }: Carried,
): Required<Pick<InstanceOptions, 'cloud' | 'before'>> {
  const substrate = () =>
    kubernetes({
      client: kubernetesClient({ access, random: random() }),
      installation: { id: 'i-1', prefix: 'emrys-' },
      provision,
      frontends,
      clock,
      log: silentLogger(),
      reach,
    })
  const config: Partial<Config> = {
    substrates: { default: 'simulation', starrocks: 'kubernetes' },
    kubernetes: {
      ...loadConfig({}).config.kubernetes!,
      kubeconfig: join(directory, 'kubeconfig'),
    },
  }
  return {
    cloud: {
      config,
      clock,
      wrap: { substrate: (it) => (it.name === 'kubernetes' ? replaced(it, substrate()) : it) },
    },
    async before({ substrates }) {
      while (!hasLooked(substrates.get('kubernetes'))) await pause(50)
    },
  }
}

function replaced(opened: Substrate, by: Substrate): Substrate {
  return {
    ...by,
    async close() {
      await opened.close()
      await by.close()
    },
  }
}

/** Whether it has looked what its cluster has. */
function hasLooked(substrate: Substrate | undefined): boolean {
  const spec = { software: { family: 'starrocks' }, groups: [], configuration: [] } as unknown
  const lack = substrate?.lack?.({ id: 'c-1', spec: spec as never })
  return lack !== undefined && 'what' in lack && lack.what !== 'Kubernetes'
}
