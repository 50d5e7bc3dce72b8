/** Composition root, its part for the Kubernetes substrate: there where the settings name a Kubernetes. */
import { random as randomOf } from '../kernel/random.ts'
import { hmac } from '../kernel/digest.ts'
import type { Clock } from '../kernel/clock.ts'
import type { KubernetesConfig } from '../config/kubernetes.ts'
import type { Access } from '../substrate/kubernetes/access.ts'
import { kubernetesClient } from '../substrate/kubernetes/client.ts'
import { kubeconfigAccess } from '../substrate/kubernetes/kubeconfig.ts'
import { kubernetes, type KubernetesOptions } from '../substrate/kubernetes/kubernetes.ts'
import { serviceAccountAccess } from '../substrate/kubernetes/service-account.ts'
import type { ExposureProvision } from '../substrate/kubernetes/starrocks/exposure.ts'
import { frontends } from '../substrate/kubernetes/starrocks/frontend.ts'
import { QUERY_PORT } from '../substrate/kubernetes/starrocks/part.ts'
import type { Substrate } from '../substrate/port.ts'
import type { DriverParts } from './substrates.ts'

const IN_CLUSTER = 'in-cluster'

/** Throws a sentence when it cannot be reached as the settings say. */
export function openKubernetes({
  config,
  directory,
  clock,
  log,
  objectStorageKey,
  declared,
}: DriverParts): Substrate | undefined {
  const settings = config.kubernetes
  if (!settings || settings.kubeconfig === '') {
    if (Object.values(config.substrates).includes('kubernetes'))
      throw new Error(
        'kubernetes shall carry clusters, and the setting kubernetes.kubeconfig names none',
      )
    return undefined
  }
  const { namespacePrefix: prefix } = settings
  const access = accessOf(settings, clock)
  return kubernetes({
    client: kubernetesClient({ access, random: randomOf() }),
    // Servers that share their clusters share their key.
    installation: {
      id: hmac('sha256', directory.key, 'kubernetes').toString('hex').slice(0, 16),
      prefix,
    },
    provision: provisionOf(settings, { declared, exposure: exposureOf(settings, access) }),
    listed: settings.namespaces,
    frontends: frontends(QUERY_PORT),
    objectStorageKey,
    clock,
    log: log.child({ part: 'kubernetes' }),
  })
}

/** By the environment in force, which may be another one after a while; settings say what it does not. */
function provisionOf(
  settings: KubernetesConfig,
  { declared, exposure }: Pick<DriverParts, 'declared'> & { readonly exposure: ExposureProvision },
): KubernetesOptions['provision'] {
  return {
    exposure,
    get storageClasses() {
      return declared().storageClasses ?? settings.storageClasses
    },
    get encryptedStorageClasses() {
      return declared().encryptedStorageClasses ?? {}
    },
    get zones() {
      return declared().zones ?? settings.zones
    },
    get subnets() {
      return declared().subnets ?? {}
    },
    get machines() {
      return declared().machines ?? {}
    },
    get images() {
      return declared().images ?? settings.images
    },
    get versions() {
      return declared().versions ?? settings.versions
    },
  }
}

function exposureOf(
  { kubeconfig, publicServices, ownAddresses: blocks }: KubernetesConfig,
  { namespace }: Access,
): ExposureProvision {
  // In a pod, it comes from its namespace.
  const place = kubeconfig === IN_CLUSTER && namespace !== undefined ? { namespace } : {}
  const isKnown = blocks.length > 0 || 'namespace' in place
  return {
    ...(publicServices && { public: publicServices }),
    ...(isKnown && { own: { ...place, blocks } }),
  }
}

function accessOf({ kubeconfig: path, context }: KubernetesConfig, clock: Clock) {
  if (path === IN_CLUSTER) return serviceAccountAccess({ environment: process.env, clock })
  return kubeconfigAccess({ path, clock, ...(context !== '' && { context }) })
}
