/**
 * A server whose EMR clusters really run on this machine, and one such cluster as its users see it: through the cloud's API, the
 * processes of the machine, and the sockets that these listen on. Every process ends with the test, by its own id.
 */
import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { TestContext } from 'node:test'
import type { Cluster } from '../../../src/domain/cluster/cluster.ts'
import type { Config } from '../../../src/config/config.ts'
import { DIRECTORY_VARIABLE } from '../../../src/substrate/local/pid-file.ts'
import { startCloud, type Cloud } from '../fixture/cloud.ts'
import { ask, type Answer } from '../http/tencent-client.ts'
import { cleanUp } from '../process/clean-up.ts'
import { temporaryDirectory } from '../process/directory.ts'
import { cache } from './module.ts'

export interface Daemon {
  readonly pid: number
  /** Its role. */
  readonly name: string
  readonly node: string
}

/** Whose environment names a directory of the data directory, with the first two names below its cluster; without containers. */
export function daemonsOf(dataDir: string): readonly Daemon[] {
  return processesOf(dataDir).filter(({ node }) => !node.endsWith('#container'))
}

/** The same with the containers that NodeManagers have started, whose nodes' names say so. */
export function processesOf(dataDir: string): readonly Daemon[] {
  const inside = `${DIRECTORY_VARIABLE}=${join(dataDir, 'local')}/`
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      const found = environmentOf(pid).find((each) => each.startsWith(inside))
      const [, name = '', node = ''] = found?.slice(inside.length).split('/') ?? []
      return found === undefined ? [] : [{ pid: Number(pid), name, node }]
    })
}

function environmentOf(pid: string): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0')
  } catch {
    return [] // It has just ended, or is somebody else's.
  }
}

/** Where no process of the data directory outlives the test. */
export function emrDirectory(t: TestContext): string {
  const path = temporaryDirectory(t)
  cleanUp(t, async () => {
    for (let look = 0; look < 50; look++) {
      const left = processesOf(path)
      if (left.length === 0) return
      for (const { pid } of left) kill(pid)
      await pause(100)
    }
  })
  return path
}

export function kill(pid: number): void {
  // 0 would be everybody who was started with this test.
  if (pid <= 0) return
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It has just ended.
  }
}

/** Another one on the same directory continues with what the one before has left running. */
export function emrCloud(
  t: TestContext,
  dataDir: string,
  more: Partial<Config> = {},
): Promise<Cloud> {
  return startCloud(t, {
    dataDir,
    config: {
      substrates: { default: 'simulation', hadoop: 'local', kafka: 'local', clickhouse: 'local' },
      local: { threadsPerCpu: 0.125, memoryMibPerCpu: 64, advertisedHost: '', keepRunning: true },
      engines: { cache, pythonIndex: '', mavenRepository: '' },
      ...more,
    },
  })
}

export async function call(
  cloud: Cloud,
  action: string,
  parameters: object,
): Promise<Answer['response']> {
  const answer = await ask({ port: cloud.port }, action, parameters)
  assert.equal(answer.code, '', answer.message)
  return answer.response
}

export async function documentOf({ store }: Cloud, id: string): Promise<Cluster> {
  const found = await store.read((tx) => tx.findById('cluster', id))
  if (!found) throw new Error(`there is no cluster ${id}`)
  return found.document
}

/** Of its nodes of a role. */
export function addressesOf({ spec, status }: Cluster, role: string): readonly string[] {
  const nodes = spec.groups.filter((group) => group.role === role).flatMap((group) => group.nodes)
  return nodes.map(({ id }) => status.nodes[id]?.address ?? '')
}

/** Five minutes: a busy machine starts a Java in ten seconds. */
const LOOKS = 1_500
const LOOK_MS = 200

export async function until(what: string, holds: () => Promise<boolean> | boolean): Promise<void> {
  let problem: unknown
  for (let look = 0; look < LOOKS; look++) {
    try {
      if (await holds()) return
    } catch (last) {
      problem = last
    }
    await pause(LOOK_MS)
  }
  throw new Error(`it never came about: ${what}`, { cause: problem })
}

export async function untilState(cloud: Cloud, id: string, state: string): Promise<Cluster> {
  let last: Cluster | undefined
  await until(`${id} is ${state}`, async () => {
    last = await documentOf(cloud, id)
    if (last.status.state === 'failed') throw new Error(last.status.reason)
    return last.status.state === state
  }).catch((problem: unknown) => {
    throw new Error(`${id} is not ${state}: ${JSON.stringify(last?.status)}`, { cause: problem })
  })
  return last as Cluster
}

/** The addresses of all sockets on which these processes listen. */
export function listenersOf(daemons: readonly Daemon[]): readonly string[] {
  const inodes = new Set(daemons.flatMap(({ pid }) => socketsOf(pid)))
  return listeners()
    .filter(({ inode }) => inodes.has(inode))
    .map(({ host }) => host)
}

export interface Listener {
  readonly host: string
  readonly port: number
  readonly inode: string
}

/** Every socket of this machine on which anybody listens. */
export function listeners(): readonly Listener[] {
  return ['tcp', 'tcp6'].flatMap((table) =>
    readFileSync(`/proc/net/${table}`, 'utf8')
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(/\s+/))
      .filter(([, , , state]) => state === '0A')
      .map(([, local = '', , , , , , , , inode = '']) => {
        const [, port = ''] = local.split(':')
        return { host: addressOf(local), port: Number.parseInt(port, 16), inode }
      }),
  )
}

export function socketsOf(pid: number): readonly string[] {
  const folder = `/proc/${pid}/fd`
  if (!existsSync(folder)) return []
  return readdirSync(folder).flatMap((name) => {
    try {
      return /^socket:\[(\d+)\]$/.exec(readlinkSync(join(folder, name)))?.[1] ?? []
    } catch {
      return []
    }
  })
}

/** As the kernel writes it: bytes backwards, in hexadecimal. */
function addressOf(local: string): string {
  const [host = ''] = local.split(':')
  if (host.length > 8) return host
  return [6, 4, 2, 0].map((at) => Number.parseInt(host.slice(at, at + 2), 16)).join('.')
}

/** A Java program of a service's own files, as a client would run it. */
export function javaOf(): string {
  return process.env['JAVA_HOME'] ? join(process.env['JAVA_HOME'], 'bin', 'java') : 'java'
}
