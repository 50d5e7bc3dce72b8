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
import { counted, type Asked } from './counted-client.ts'
import { reach } from './kubelet.ts'

type Carried = Pick<KubernetesOptions, 'frontends' | 'provision'> & {
  readonly clock?: MovableClock
  /** Counts what is asked of the API server. */
  readonly asked?: Asked
}

/** Its namespaces begin with `emrys-`. The API server takes no address of this machine for a pod: `reach` says where they are. */
export function onKubernetes(
  { access, directory }: ControlPlane,
  { frontends, provision, clock = systemClock(), asked = { requests: 0, watches: 0 } }: Carried,
): Required<Pick<InstanceOptions, 'cloud' | 'before'>> {
  const substrate = () =>
    kubernetes({
      client: counted(kubernetesClient({ access, random: random() }), asked),
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
      // What its cluster has is not known before it has looked.
      while (substrates.get('kubernetes')?.remark?.() !== undefined) await pause(50)
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
