/**
 * Pods of StarRocks instances as processes: the first front end is the engine of this program, which has one process for all nodes. The
 * others run nothing, and tell that front end of themselves as the entry points of StarRocks' images do.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { basename, join } from 'node:path'
import { createConnection } from 'mysql2/promise'
import { problemOfSettings } from '../../engines/starrocks/src/execution/configuration-item.ts'
import {
  certificateFile,
  configurationFile,
  verifierFile,
  type EngineConfiguration,
} from '../../engines/starrocks/src/process/configuration.ts'
import { recordOf } from '../../src/kernel/json.ts'
import { serverKeyText } from '../../src/kernel/key-store.ts'
import type { KubernetesClient } from '../../src/substrate/kubernetes/client.ts'
import { resources } from '../../src/substrate/kubernetes/resource.ts'
import type { Pod, PodProcess, Runner } from './kubelet.ts'

const PROGRAM = join(import.meta.dirname, '../../engines/starrocks/src/main.ts')
const FRONTEND = 'sr-fe-0'
const MIB = 1024 ** 2

const nouns: Readonly<Record<string, string>> = {
  fe: 'FOLLOWER',
  be: 'BACKEND',
  cn: 'COMPUTE NODE',
}

interface EngineOptions {
  /** Servers that catalogs of Iceberg may be at. */
  readonly icebergRest?: readonly string[]
}

/** A front end begins with root and no password, as StarRocks' own do. */
export function enginePods(client: KubernetesClient, options: EngineOptions = {}): Runner {
  const frontends = new Map<string, string>()
  return async (pod, at) => {
    const { name, namespace } = pod.metadata
    if (name !== FRONTEND) return joining(client, pod, () => frontends.get(namespace))
    frontends.set(namespace, at.host)
    return frontendProcess(client, pod, { ...at, ...options })
  }
}

async function frontendProcess(
  client: KubernetesClient,
  pod: Pod,
  { host, folder, icebergRest = [] }: Parameters<Runner>[1] & EngineOptions,
): Promise<PodProcess> {
  const { namespace } = pod.metadata
  const directory = folder(`fe-meta-${FRONTEND}`)
  const file = await fileOf(client, pod)
  const node = { group: 'g', zone: 'z', version: '3.3.13' }
  const configuration: EngineConfiguration = {
    instance: namespace,
    version: '3.3.13',
    host,
    queryPort: 9030,
    frontPort: 8030,
    backPort: 8040,
    threads: 1,
    memoryBytes: 512 * MIB,
    storageBytes: 1024 * MIB,
    settings: { frontend: itemsOf(file) },
    ...(icebergRest.length > 0 && {
      objectStorage: {
        endpoint: 'http://127.0.0.1:1',
        region: 'r-1',
        prefixes: [],
        icebergRest: [...icebergRest],
      },
    }),
    access: {
      frontends: [FRONTEND],
      entries: [],
      tls: file['ssl_keystore_location'] === undefined ? 'off' : 'given',
    },
    nodes: [
      { ...node, name: FRONTEND, role: 'fe', host: hostOf(pod.metadata) },
      // The worker that does what the process does; it is no pod of its own.
      { ...node, name: 'engine', role: 'be', host },
    ],
  }
  writeFileSync(join(directory, configurationFile), JSON.stringify(configuration), { mode: 0o600 })
  writeFileSync(join(directory, verifierFile), '', { mode: 0o600 })
  const key = await keyOf(client, pod, file)
  if (key !== undefined) writeFileSync(join(directory, certificateFile), key, { mode: 0o600 })
  const child = spawn(process.execPath, [PROGRAM, directory], { stdio: 'ignore' })
  return {
    ready: () => greets(host, 9030),
    async end() {
      if (child.exitCode !== null || child.signalCode !== null) return
      const ended = once(child, 'exit')
      child.kill('SIGTERM')
      await ended
    },
  }
}

function hostOf({ name, namespace }: Pod['metadata']): string {
  return `${name}.${name.replace(/-\d+$/, '')}-search.${namespace}.svc.cluster.local`
}

/** What the file in its ConfigMap says. */
async function fileOf(client: KubernetesClient, pod: Pod): Promise<Record<string, string>> {
  const { namespace } = pod.metadata
  const name = pod.spec.volumes?.flatMap(({ configMap }) => configMap?.name ?? [])[0] ?? ''
  const found = await client.find({ type: resources.configMap, namespace, name })
  const lines = Object.values(recordOf(found?.['data'])).join('\n').split('\n')
  const pairs = lines.map((line): [string, string] => {
    const [key = '', ...rest] = line.split(' = ')
    return [key, rest.join(' = ')]
  })
  return Object.fromEntries(pairs)
}

/** Of them, what the engine acts on. */
function itemsOf(file: Readonly<Record<string, string>>): Record<string, string> {
  const pairs = Object.entries(file).filter(
    ([key, value]) => problemOfSettings({ frontend: { [key]: value } }) === undefined,
  )
  return Object.fromEntries(pairs)
}

/** The key store that the file names, by the Secret that is mounted there; its password by the variable that the file names. */
async function keyOf(
  client: KubernetesClient,
  { metadata: { namespace }, spec }: Pod,
  { ssl_keystore_location: location, ssl_keystore_password: variable }: Record<string, string>,
): Promise<string | undefined> {
  if (location === undefined) return undefined
  const dataOf = async (name: string) =>
    recordOf((await client.find({ type: resources.secret, namespace, name }))?.['data'])
  const [mounted] = spec.volumes?.flatMap(({ secret }) => secret?.secretName ?? []) ?? []
  const store = (await dataOf(mounted ?? ''))[basename(location)]
  const [container] = spec.containers
  const found = container?.env?.find(({ name }) => variable === `\${${name}}`)
  const { name = '', key = '' } = found?.valueFrom?.secretKeyRef ?? {}
  const password = Buffer.from(String((await dataOf(name))[key]), 'base64').toString()
  return serverKeyText({ store: String(store), password })
}

/** Ready once the front end knows of it. */
function joining(
  client: KubernetesClient,
  { metadata }: Pod,
  frontend: () => string | undefined,
): PodProcess {
  const [, part = ''] = /^sr-([a-z]+)/.exec(metadata.name) ?? []
  const port = part === 'fe' ? 9010 : 9050
  // Nobody tells of observers but Emrys.
  const statement =
    part === 'observer'
      ? 'SHOW FRONTENDS'
      : `ALTER SYSTEM ADD ${nouns[part]} "${hostOf(metadata)}:${port}"`
  let isKnown = false
  return {
    async ready() {
      const host = frontend()
      if (isKnown || host === undefined) return isKnown
      const password = await passwordOf(client, metadata.namespace)
      try {
        const connection = await createConnection({ host, port: 9030, user: 'root', password })
        try {
          const [found] = await connection.query(statement)
          isKnown = part !== 'observer' || JSON.stringify(found).includes(hostOf(metadata))
        } finally {
          connection.destroy()
        }
      } catch (problem) {
        isKnown = /already exists/.test(String(problem))
      }
      return isKnown
    },
    async end() {},
  }
}

/** As pods have it in MYSQL_PWD. */
async function passwordOf(client: KubernetesClient, namespace: string): Promise<string> {
  const found = await client.find({ type: resources.secret, namespace, name: 'sr-admin' })
  const { password } = recordOf(found?.['data'])
  return Buffer.from(typeof password === 'string' ? password : '', 'base64').toString('utf8')
}

/** As the kubelet probes, a connection at a time. */
function greets(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 1_000 })
    const end = (answer: boolean) => {
      socket.destroy()
      resolve(answer)
    }
    socket.once('data', () => end(true))
    socket.once('timeout', () => end(false))
    socket.once('error', () => end(false))
  })
}
