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
import type { PublicWay } from '../substrate/kubernetes/public-service.ts'
import type { ExposureProvision } from '../substrate/kubernetes/starrocks/exposure.ts'
import { unmetOutside } from '../substrate/kubernetes/product/outside.ts'
import { products } from '../substrate/kubernetes/product/products.ts'
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
  const { namespacePrefix: prefix, publicServices, publicSources } = settings
  if (publicSources.length > 0 && publicServices?.by !== 'load-balancer')
    throw new Error(
      'kubernetes.public-sources holds for kubernetes.public-services=load-balancer alone',
    )
  const way = publicWayOf(settings)
  const { publicProducts } = settings
  const unmet = unmetOutside(products, { publicProducts, exposure: way ? { public: way } : {} })
  if (unmet !== undefined) throw new Error(`kubernetes.public-products ${unmet}`)
  const access = accessOf(settings, clock)
  const exposure = exposureOf(settings, access)
  return kubernetes({
    client: kubernetesClient({ access, random: randomOf() }),
    // Servers that share their clusters share their key.
    installation: {
      id: hmac('sha256', directory.key, 'kubernetes').toString('hex').slice(0, 16),
      prefix,
    },
    provision: provisionOf(settings, { declared, exposure }),
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
    publicProducts: settings.publicProducts,
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

function publicWayOf({
  publicServices,
  publicSources: sources,
}: KubernetesConfig): PublicWay | undefined {
  return publicServices && { ...publicServices, ...(sources.length > 0 && { sources }) }
}

function exposureOf(settings: KubernetesConfig, { namespace }: Access): ExposureProvision {
  const { kubeconfig, ownAddresses: blocks } = settings
  // In a pod, it comes from its namespace.
  const place = kubeconfig === IN_CLUSTER && namespace !== undefined ? { namespace } : {}
  const way = publicWayOf(settings)
  const isKnown = blocks.length > 0 || 'namespace' in place
  return {
    ...(way && { public: way }),
    ...(isKnown && { own: { ...place, blocks } }),
  }
}

function accessOf({ kubeconfig: path, context }: KubernetesConfig, clock: Clock) {
  if (path === IN_CLUSTER) return serviceAccountAccess({ environment: process.env, clock })
  return kubeconfigAccess({ path, clock, ...(context !== '' && { context }) })
}
