/**
 * Pods of the chart as containers of the image, as a kubelet runs them: first the containers that begin, then the server; with the volumes,
 * variables and user of the pod's own description, and the token, authority and namespace that the API server wants mounted. Of a service
 * they have the address that stands in `services`.
 */
import { chmodSync, chownSync, copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { recordOf } from '../../src/kernel/json.ts'
import type { Ending } from '../support/process/clean-up.ts'
import type { Ask } from './api.ts'
import type { BuiltImage } from './built-image.ts'
import { startContainer, type Container, type Mount } from './container.ts'
import type { Pod, PodProcess, Runner } from './kubelet.ts'
import { until } from './until.ts'

const NETWORK = '/run/pod-network'
const START_MS = 120_000
/** Of services, the API server's is the first. */
export const API_ADDRESS = '10.96.0.1'

interface Address {
  readonly host: string
  readonly port: number
}

export interface EmrysPods {
  readonly image: BuiltImage
  /** The unpacked image. */
  readonly root: string
  readonly directory: string
  readonly ask: Ask
  /** By `address:port`. */
  readonly services: Readonly<Record<string, Address>>
}

interface Variable {
  readonly name: string
  readonly value?: string
}

interface PodContainer {
  readonly name: string
  readonly command?: readonly string[]
  readonly args?: readonly string[]
  readonly env?: readonly Variable[]
  readonly volumeMounts?: readonly {
    readonly name: string
    readonly mountPath: string
    readonly readOnly?: boolean
  }[]
  readonly readinessProbe?: { readonly httpGet: { readonly path: string } }
}

interface PodVolume {
  readonly name: string
  readonly emptyDir?: object
  readonly persistentVolumeClaim?: { readonly claimName: string }
  readonly secret?: { readonly secretName: string }
  readonly configMap?: { readonly name: string }
  readonly projected?: { readonly sources: readonly Readonly<Record<string, unknown>>[] }
}

interface ServerPod extends Pod {
  readonly spec: Pod['spec'] & {
    readonly serviceAccountName: string
    readonly initContainers?: readonly PodContainer[]
    readonly containers: readonly (PodContainer & { readonly image: string })[]
    readonly volumes?: readonly PodVolume[]
    readonly securityContext: { readonly runAsUser: number; readonly fsGroup: number }
  }
}

export interface RunningPods {
  readonly run: Runner
  /** The servers that run, by the names of their pods. */
  readonly containers: ReadonlyMap<string, Container>
}

export function emrysPods(t: Ending, it: EmrysPods): RunningPods {
  const containers = new Map<string, Container>()
  return {
    containers,
    async run(found, at): Promise<PodProcess> {
      const pod = found as ServerPod
      const { name, uid } = pod.metadata
      const folder = join(it.directory, uid)
      const volumes = await volumesOf(it, pod, { folder, claim: at.folder })
      const start = (container: PodContainer) =>
        startContainer(t, optionsOf(it, pod, { container, volumes, host: at.host }))
      for (const container of pod.spec.initContainers ?? []) {
        const begun = start(container)
        const code = await begun.ended
        if (code !== 0) throw new Error(`${container.name} ended with ${code}: ${begun.log}`)
      }
      const [main] = pod.spec.containers
      if (!main) throw new Error(`${name} has no container`)
      const server = start(main)
      containers.set(name, server)
      const path = main.readinessProbe?.httpGet.path ?? '/'
      return {
        ready: () =>
          fetch(`http://${at.host}:4580${path}`).then(
            ({ ok }) => ok,
            () => false,
          ),
        async end() {
          server.signal('SIGTERM')
          await until(() => !server.running, { describe: () => server.log, mostMs: START_MS })
          containers.delete(name)
        },
      }
    },
  }
}

interface Begun {
  readonly container: PodContainer
  readonly volumes: ReadonlyMap<string, string>
  readonly host: string
}

function optionsOf(
  { image, root, services }: EmrysPods,
  { metadata, spec }: ServerPod,
  { container, volumes, host }: Begun,
) {
  const { User, Entrypoint, Cmd } = image.configuration.config
  const { runAsUser, fsGroup } = spec.securityContext
  const variables = (container.env ?? []).map(({ name, value = '' }): [string, string] => [
    name,
    value,
  ])
  const mounts = (container.volumeMounts ?? []).map(
    ({ name, mountPath, readOnly = false }): Mount => {
      const source = volumes.get(name)
      if (source === undefined) throw new Error(`there is no volume ${name}`)
      return { path: mountPath, source, readOnly }
    },
  )
  const command = container.command ?? Entrypoint
  if (User !== `${runAsUser}:${fsGroup}`) throw new Error(`the image runs as ${User}`)
  return {
    root,
    user: User,
    environment: {
      ...image.environment,
      HOSTNAME: metadata.name,
      KUBERNETES_SERVICE_HOST: API_ADDRESS,
      KUBERNETES_SERVICE_PORT: '443',
      ...Object.fromEntries(variables),
      POD_NETWORK: JSON.stringify({ own: host, services }),
      NODE_OPTIONS: `--require=${NETWORK}/pod-network.cjs`,
    },
    command: [...command, ...(container.args ?? (container.command ? [] : Cmd))],
    mounts: [...mounts, { path: NETWORK, source: volumes.get(NETWORK) ?? '', readOnly: true }],
  }
}

/** The directory of each volume, by its name. */
async function volumesOf(
  it: EmrysPods,
  pod: ServerPod,
  { folder, claim }: { readonly folder: string; claim(name: string): string },
): Promise<ReadonlyMap<string, string>> {
  const { fsGroup } = pod.spec.securityContext
  mkdirSync(join(folder, 'network'), { recursive: true })
  const network = join(folder, 'network/pod-network.cjs')
  copyFileSync(join(import.meta.dirname, 'pod-network.cjs'), network)
  chmodSync(network, 0o444)
  const found = new Map([[NETWORK, join(folder, 'network')]])
  for (const volume of pod.spec.volumes ?? []) {
    const claimed = volume.persistentVolumeClaim?.claimName
    const path = claimed === undefined ? join(folder, 'volumes', volume.name) : claim(claimed)
    mkdirSync(path, { recursive: true })
    for (const [name, text] of Object.entries(await filesOf(it.ask, pod, volume))) {
      const file = join(path, name)
      writeFileSync(file, text)
      chownSync(file, 0, fsGroup)
      chmodSync(file, 0o440)
    }
    const isWritten = volume.emptyDir !== undefined || claimed !== undefined
    chownSync(path, 0, fsGroup)
    chmodSync(path, isWritten ? 0o2770 : 0o750)
    found.set(volume.name, path)
  }
  return found
}

type Files = Readonly<Record<string, string | Buffer>>

async function filesOf(ask: Ask, pod: ServerPod, volume: PodVolume): Promise<Files> {
  const { secret, configMap, projected } = volume
  if (secret) return contentOf(ask, pod, `secrets/${secret.secretName}`)
  if (configMap) return contentOf(ask, pod, `configmaps/${configMap.name}`)
  const parts = (projected?.sources ?? []).map((source) => projectedFiles(ask, pod, source))
  return Object.assign({}, ...(await Promise.all(parts))) as Files
}

/** What the API server adds to pods of accounts: their token, its authority, their namespace. */
async function projectedFiles(
  ask: Ask,
  pod: ServerPod,
  source: Readonly<Record<string, unknown>>,
): Promise<Files> {
  const { name, namespace, uid } = pod.metadata
  const token = recordOf(source['serviceAccountToken'])
  if (typeof token['path'] === 'string') {
    const account = `/api/v1/namespaces/${namespace}/serviceaccounts/${pod.spec.serviceAccountName}`
    const { body } = await ask('POST', `${account}/token`, {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'TokenRequest',
      spec: {
        expirationSeconds: token['expirationSeconds'],
        boundObjectRef: { apiVersion: 'v1', kind: 'Pod', name, uid },
      },
    })
    return { [token['path']]: String(recordOf(recordOf(body)['status'])['token']) }
  }
  const map = recordOf(source['configMap'])
  if (typeof map['name'] === 'string') return contentOf(ask, pod, `configmaps/${map['name']}`)
  return { namespace }
}

async function contentOf(ask: Ask, { metadata }: Pod, path: string): Promise<Files> {
  const { status, body } = await ask('GET', `/api/v1/namespaces/${metadata.namespace}/${path}`)
  if (status !== 200) throw new Error(`${path} is answered with ${status}`)
  const isSecret = path.startsWith('secrets/')
  return Object.fromEntries(
    Object.entries(recordOf(recordOf(body)['data'])).map(([name, value]) => [
      name,
      isSecret ? Buffer.from(String(value), 'base64') : String(value),
    ]),
  )
}
