/** Kafka: a broker on each core node; who leads what is kept by controllers on the common nodes, or by the first broker itself. */
import { createHash } from 'node:crypto'
import { propertiesText } from '../../src/kernel/properties.ts'
import type {
  Daemon,
  DaemonPeer,
  DaemonPlan,
  Probe,
  Service,
  ServiceChange,
} from '../../src/substrate/local/service.ts'
import { metadataAt, reassign, reassignmentsAt, probeKafka } from './src/protocol.ts'
import {
  unmetBrokers,
  mostCopies,
  movesOf,
  type Knowledge,
  type Leaving,
} from './src/reassignment.ts'

const BROKER = 'kafka-broker'
const CONTROLLER = 'kafka-controller'
const FILE = 'server.properties'

const controller: Daemon = {
  name: CONTROLLER,
  runsOn: ({ role }) => role === 'common',
  ports: [9093],
  after: [],
  heapMib: 128,
  heapShare: 0.1,
  residentMib: 190,
  files: filesOf,
  once: (plan) => [format(plan)],
  program,
  async probe({ host, ports: [port = 0] }) {
    await probeKafka({ host, port })
    return { answering: true }
  },
}

const broker: Daemon = {
  name: BROKER,
  process: 'KafkaBroker',
  runsOn: ({ role }) => role === 'core',
  ports: [9092, 9093],
  after: [CONTROLLER],
  heapMib: 160,
  heapShare: 0.4,
  residentMib: 240,
  files: filesOf,
  once: (plan) => [format(plan)],
  program,
  probe: probeBroker,
  drain,
  endpoints: ({ ports: [port = 0] }) => [{ name: 'kafka', port }],
}

export const kafka: Service = {
  name: 'kafka',
  components: ['kafka'],
  version: '4.1.1',
  part: 'kafka',
  configurable: {
    [FILE]: [
      'process.roles',
      'node.id',
      'broker.id',
      'listeners',
      'advertised.listeners',
      'controller.quorum.voters',
      'controller.quorum.bootstrap.servers',
      'controller.listener.names',
      'listener.security.protocol.map',
      'log.dir',
      'log.dirs',
      'metadata.log.dir',
    ],
  },
  daemons: [controller, broker],
  unmetChange,
}

/** What no broker that stays has room for would keep its broker from ever being drained. */
function unmetChange({ before, after, copies }: ServiceChange): string | undefined {
  const left = new Set(after.map(({ id }) => id))
  const brokers = before.filter(({ role }) => role === 'core')
  const stay = brokers.filter(({ id }) => left.has(id)).length
  if (stay === brokers.length) return undefined
  const [first] = brokers
  const isAlone = !before.some(({ role }) => role === 'common')
  if (isAlone && first && !left.has(first.id))
    return `its first broker ${first.id} keeps what the cluster knows of itself, and cannot go`
  const most = copies?.(BROKER) ?? 1
  if (stay >= most) return undefined
  return `${stay} brokers cannot keep the ${most} copies that a topic of it has`
}

interface Survey {
  readonly copies: number
  readonly nextMs: number
}

/** By the directory of a broker. */
const surveys = new Map<string, Survey>()
const SURVEYS_MAX = 1_000
/** So many times as long as a survey takes passes until the next one, but no longer than this. */
const SURVEY_PAUSES = 100
const SURVEY_PAUSE_MS = 30_000

/**
 * A look is one of many, and all topics may be megabytes: one broker asks for them to know how many copies they have, the less often the
 * longer that takes, and a broker that is to go at every look, as it has to know what it still has.
 */
async function probeBroker(plan: DaemonPlan): Promise<Probe> {
  const address = addressOf(plan)
  const own = idOf(plan.node)
  const { brokers } = await metadataAt(address, 'none')
  if (!brokers.includes(own))
    return { answering: false, waiting: true, reason: 'the controllers do not know it yet' }
  if (brokersOf(plan).leaving.has(own)) {
    const known = await knowledgeAt(address)
    const drained = !known.metadata.partitions.some(({ replicas }) => replicas.includes(own))
    return { answering: true, drained, copies: mostCopies(known) }
  }
  if (own !== Math.min(...brokers)) return { answering: true }
  const known = surveys.get(plan.directory)
  const { copies } = known && performance.now() < known.nextMs ? known : await survey(plan, known)
  return { answering: true, copies }
}

async function survey(plan: DaemonPlan, before: Survey | undefined): Promise<Survey> {
  const begunMs = performance.now()
  const known = await knowledgeAt(addressOf(plan))
  const copies = mostCopies(known)
  const endedMs = performance.now()
  // A broker hears a moment later than whoever moves partitions that one has arrived.
  const isMoving = known.reassignments.length > 0 || copies > (before?.copies ?? copies)
  const pauseMs = isMoving ? 0 : Math.min(SURVEY_PAUSES * (endedMs - begunMs), SURVEY_PAUSE_MS)
  const done = { copies, nextMs: endedMs + pauseMs }
  if (surveys.size >= SURVEYS_MAX) surveys.clear()
  surveys.set(plan.directory, done)
  return done
}

async function knowledgeAt(address: ReturnType<typeof addressOf>): Promise<Knowledge> {
  const reassignments = await reassignmentsAt(address)
  return { reassignments, metadata: await metadataAt(address) }
}

async function drain(plan: DaemonPlan): Promise<string | undefined> {
  const address = addressOf(plan)
  const leaving = { ...(await knowledgeAt(address)), ...brokersOf(plan) }
  const moves = movesOf(leaving)
  return moves.length === 0 ? undefined : unmetBrokers(await reassign(address, moves), leaving)
}

function brokersOf({ peers }: DaemonPlan): Pick<Leaving, 'leaving' | 'staying'> {
  const brokers = peers.filter(({ daemon }) => daemon === BROKER)
  const ids = (those: readonly DaemonPeer[]) => new Set(those.map(({ node }) => idOf(node)))
  return {
    leaving: ids(brokers.filter(({ leaving }) => leaving)),
    staying: ids(brokers.filter(({ leaving }) => !leaving)),
  }
}

function addressOf({ host, ports: [port = 0] }: DaemonPlan) {
  return { host, port }
}

/** The same for as long as the node is there, whatever comes and goes beside it. */
function idOf(node: string): number {
  return createHash('sha256').update(node).digest().readUInt32BE(0) >>> 4
}

/** A UUID in base64, that no command takes for an option. */
function clusterIdOf({ cluster }: DaemonPlan): string {
  const bytes = createHash('sha256').update(cluster).digest().subarray(0, 16)
  return Buffer.concat([Buffer.of(0x41), bytes.subarray(1)]).toString('base64url')
}

function controllersOf({ peers }: DaemonPlan): readonly (DaemonPeer & { readonly port: number })[] {
  const own = peers.filter(({ daemon }) => daemon === CONTROLLER)
  if (own.length > 0) return own.map((each) => ({ ...each, port: each.ports[0] ?? 0 }))
  const [first] = peers.filter(({ daemon }) => daemon === BROKER)
  return first ? [{ ...first, port: first.ports[1] ?? 0 }] : []
}

function filesOf(plan: DaemonPlan): Readonly<Record<string, string>> {
  const { host, directory, settings, role } = plan
  const controllers = controllersOf(plan)
  const controls = controllers.find(({ node }) => node === plan.node)
  const serves = role === 'core'
  const listener = `PLAINTEXT://${host}:${plan.ports[0]}`
  const listeners = [
    ...(serves ? [listener] : []),
    ...(controls ? [`CONTROLLER://${host}:${controls.port}`] : []),
  ]
  const properties = {
    'num.partitions': '1',
    'offsets.topic.replication.factor': '1',
    'offsets.topic.num.partitions': '4',
    'transaction.state.log.replication.factor': '1',
    'transaction.state.log.min.isr': '1',
    'group.initial.rebalance.delay.ms': '0',
    // It takes all of it when it starts; the usual 128 MiB are more than the heap of a small broker.
    'log.cleaner.dedupe.buffer.size': '8388608',
    ...settings[FILE],
    'process.roles': [...(serves ? ['broker'] : []), ...(controls ? ['controller'] : [])].join(','),
    'node.id': String(idOf(plan.node)),
    'controller.quorum.voters': controllers
      .map(({ node, host: of, port }) => `${idOf(node)}@${of}:${port}`)
      .join(','),
    listeners: listeners.join(','),
    ...(serves ? { 'advertised.listeners': listener } : {}),
    'controller.listener.names': 'CONTROLLER',
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'log.dirs': `${directory}/data/log`,
  }
  return { [FILE]: propertiesText(properties) }
}

function format(plan: DaemonPlan) {
  return {
    name: 'format',
    clears: 'data/log',
    main: 'kafka.tools.StorageTool',
    args: ['format', '-t', clusterIdOf(plan), '-c', FILE],
  }
}

function program() {
  return {
    main: 'kafka.Kafka',
    args: [FILE],
    options: ['-Dkafka.logs.dir=.'],
  }
}
