/** Pods of StarRocks instances as processes: the first front end is the engine of this program, which has one process for all nodes. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import {
  configurationFile,
  verifierFile,
  type EngineConfiguration,
} from '../../engines/starrocks/src/process/configuration.ts'
import type { Runner } from './kubelet.ts'

const PROGRAM = join(import.meta.dirname, '../../engines/starrocks/src/main.ts')
const FRONTEND = 'sr-fe-0'
const MIB = 1024 ** 2

/** Nothing runs for the other pods: they are ready at once. A front end begins with root and no password, as StarRocks' own do. */
export const enginePods: Runner = async ({ metadata }, { host, folder }) => {
  if (metadata.name !== FRONTEND) return undefined
  const directory = folder(`fe-meta-${FRONTEND}`)
  const node = { group: 'g', zone: 'z', version: '3.3.13' }
  const configuration: EngineConfiguration = {
    instance: metadata.namespace,
    version: '3.3.13',
    host,
    queryPort: 9030,
    frontPort: 8030,
    backPort: 8040,
    threads: 1,
    memoryBytes: 512 * MIB,
    storageBytes: 1024 * MIB,
    nodes: [
      { ...node, name: FRONTEND, role: 'fe', host },
      { ...node, name: 'sr-be-0', role: 'be', host },
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
