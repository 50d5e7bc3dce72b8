/** What `npm run bench -- emr` makes, and the first work that a client has of it. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { pythonEnvironment } from '../scripts/client/tool.ts'
import { machine, type Creation } from '../scripts/demo/hadoop-cluster.ts'
import { hdfs } from '../scripts/demo/hdfs.ts'

export interface Addresses {
  readonly master: readonly string[]
  readonly core: readonly string[]
}

export interface Subject {
  readonly name: string
  readonly what: string
  /** Of engines, as `emrys engines` lists them. */
  readonly parts: readonly string[]
  readonly creation: Partial<Creation>
  /** Resolves once it was done; to be tried again while it rejects. */
  readonly work: (addresses: Addresses) => Promise<void>
  readonly close?: () => void
}

export function subjects(): readonly Subject[] {
  return [hadoop, kafka()]
}

const hadoop: Subject = {
  name: 'hdfs',
  what: 'HDFS: a byte written and read, and every node of YARN there',
  parts: ['zookeeper', 'hadoop'],
  creation: {
    ProductId: 25,
    Software: ['hdfs', 'yarn', 'zookeeper', 'knox'],
  },
  async work({ master: [master = ''], core }) {
    const files = hdfs(master)
    await files.put('/first', Buffer.of(1))
    const found = await files.get('/first')
    const answer = await fetch(`http://${master}:8088/ws/v1/cluster/metrics`)
    const { clusterMetrics } = (await answer.json()) as { clusterMetrics: { activeNodes: number } }
    if (found.length !== 1 || clusterMetrics.activeNodes < core.length)
      throw new Error('a part of it is not there yet')
  },
}

/** kafka-python, which is running already when it is needed. */
function kafka(): Subject {
  const folder = join(import.meta.dirname, '../test/client/kafka')
  let client: ReturnType<typeof start> | undefined
  const start = () => {
    const python = join(pythonEnvironment(join(folder, 'requirements.txt')), 'python')
    const child = spawn(python, [join(folder, 'steady.py'), 'first'], {
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    return { child, lines: createInterface({ input: child.stdout }) }
  }
  return {
    name: 'kafka',
    what: 'Kafka: a record written and read',
    parts: ['zookeeper', 'kafka'],
    creation: {
      ProductId: 50,
      Software: ['kafka-2.4.1', 'zookeeper-3.6.3'],
      ResourceSpec: { CoreResourceSpec: machine, CoreCount: 1 },
    },
    async work({ core: [first = ''] }) {
      client ??= start()
      const answered = once(client.lines, 'line')
      client.child.stdin.write(`${first}:9092\n`)
      await answered
    },
    close: () => void client?.child.kill(),
  }
}
