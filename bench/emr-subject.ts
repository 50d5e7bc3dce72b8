/** What `npm run bench -- emr` makes, and the first work that a client has of it. */
import { spawn } from 'node:child_process'
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
  /** Before anything is measured: its client loads what it needs. */
  readonly open?: () => void
  readonly close?: () => void
}

export function subjects(): readonly Subject[] {
  return [hadoop, sql(), kafka()]
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

/** Spark SQL behind the protocol of Hive: by PyHive, with its table in HDFS. */
function sql(): Subject {
  const client = pythonClient('hive', ['first.py'])
  return {
    name: 'sql',
    what: 'Spark SQL on the port of Hive: a row written and read',
    parts: ['zookeeper', 'hadoop', 'spark'],
    creation: {
      ProductId: 25,
      Software: ['hdfs', 'yarn', 'zookeeper', 'knox', 'hive', 'spark'],
    },
    work: ({ master: [master = ''] }) => client.ask(master),
    open: () => client.open(),
    close: () => client.close(),
  }
}

function kafka(): Subject {
  const client = pythonClient('kafka', ['steady.py', 'first'])
  return {
    name: 'kafka',
    what: 'Kafka: a record written and read',
    parts: ['zookeeper', 'kafka'],
    creation: {
      ProductId: 50,
      Software: ['kafka-2.4.1', 'zookeeper-3.6.3'],
      ResourceSpec: { CoreResourceSpec: machine, CoreCount: 1 },
    },
    work: ({ core: [first = ''] }) => client.ask(`${first}:9092`),
    open: () => client.open(),
    close: () => client.close(),
  }
}

/**
 * A client in `test/client`, which is running already when it is needed; it answers each address once its work there is done, or
 * with `absent`, to be asked again.
 */
function pythonClient(folder: string, [program = '', ...args]: readonly string[]) {
  const path = join(import.meta.dirname, '../test/client', folder)
  const start = () => {
    const python = join(pythonEnvironment(join(path, 'requirements.txt')), 'python')
    const child = spawn(python, [join(path, program), ...args], {
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
    return { child, answers }
  }
  let running: ReturnType<typeof start> | undefined
  const open = () => (running ??= start())
  return {
    open: () => void open(),
    async ask(address: string) {
      const { child, answers } = open()
      child.stdin.write(`${address}\n`)
      const { value: answer } = await answers.next()
      if (answer !== 'there') throw new Error(`nothing works at ${address} yet`)
    },
    close: () => void running?.child.kill(),
  }
}
