/**
 * Pods of StarRocks instances as processes: the first front end is the engine of this program, which has one process for all nodes. The
 * others run nothing, and tell that front end of themselves as the entry points of StarRocks' images do.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { createConnection } from 'mysql2/promise'
import { problemOfSettings } from '../../engines/starrocks/src/execution/configuration-item.ts'
import {
  configurationFile,
  verifierFile,
  type EngineConfiguration,
} from '../../engines/starrocks/src/process/configuration.ts'
import { recordOf } from '../../src/kernel/json.ts'
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

/** A front end begins with root and no password, as StarRocks' own do. */
export function enginePods(client: KubernetesClient): Runner {
  const frontends = new Map<string, string>()
  return async (pod, at) => {
    const { name, namespace } = pod.metadata
    if (name !== FRONTEND) return joining(client, pod, () => frontends.get(namespace))
    frontends.set(namespace, at.host)
    return frontendProcess(client, pod, at)
  }
}

async function frontendProcess(
  client: KubernetesClient,
  pod: Pod,
  { host, folder }: Parameters<Runner>[1],
): Promise<PodProcess> {
  const { namespace } = pod.metadata
  const directory = folder(`fe-meta-${FRONTEND}`)
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
    settings: { frontend: await fileOf(client, pod) },
    nodes: [
      { ...node, name: FRONTEND, role: 'fe', host: hostOf(pod.metadata) },
      // The worker that does what the process does; it is no pod of its own.
      { ...node, name: 'engine', role: 'be', host },
    ],
  }
  writeFileSync(join(directory, configurationFile), JSON.stringify(configuration), { mode: 0o600 })
  writeFileSync(join(directory, verifierFile), '', { mode: 0o600 })
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

/** Of what the file in its ConfigMap says, what the engine acts on. */
async function fileOf(client: KubernetesClient, pod: Pod): Promise<Record<string, string>> {
  const { namespace } = pod.metadata
  const name = pod.spec.volumes?.flatMap(({ configMap }) => configMap?.name ?? [])[0] ?? ''
  const found = await client.find({ type: resources.configMap, namespace, name })
  const lines = Object.values(recordOf(found?.['data'])).join('\n').split('\n')
  const pairs = lines.flatMap((line) => {
    const [key = '', ...rest] = line.split(' = ')
    const item = { [key]: rest.join(' = ') }
    return problemOfSettings({ frontend: item }) === undefined ? Object.entries(item) : []
  })
  return Object.fromEntries(pairs)
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
