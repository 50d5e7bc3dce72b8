/** A trace from a client's request to the start of an engine, as a collector of OpenTelemetry receives it. */
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { test, type TestContext } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { systemClock } from '../../src/kernel/clock.ts'
import {
  createInstance,
  localDataDirectory,
  smallEngines,
} from '../support/engine/local-instances.ts'
import { startCloud } from '../support/fixture/cloud.ts'
import { askAdmin } from '../support/http/admin.ts'
import {
  spanCollector,
  type ReceivedSpan,
  type SpanCollector,
} from '../support/http/span-collector.ts'
import { ask, create, sampleCreateRequest } from '../support/http/tencent-client.ts'
import { temporaryDirectory } from '../support/process/directory.ts'

const TRACE = '0af7651916cd43dd8448eb211c80319c'
const SPAN = 'b7ad6b7169203331'
const headers = { traceparent: `00-${TRACE}-${SPAN}-01` }
const LOOKS_MAX = 3_000

async function untilReceived(collector: SpanCollector, name: string): Promise<void> {
  for (let look = 0; !collector.spans.some((span) => span.name === name); look++) {
    assert.ok(look < LOOKS_MAX, `${name} is not received: ${named(collector.spans).join(', ')}`)
    await pause(10)
  }
}

const named = (spans: readonly ReceivedSpan[]) => spans.map(({ name }) => name)
const childrenOf = (collector: SpanCollector, { spanId }: { readonly spanId: string }) =>
  collector.spans.filter(({ parentSpanId }) => parentSpanId === spanId)
const attributesOf = (span: ReceivedSpan | undefined) =>
  Object.fromEntries(
    (span?.attributes ?? []).map(({ key, value }) => [key, Object.values(value)[0] as unknown]),
  )

async function tracedCloud(t: TestContext, dataDir = temporaryDirectory(t)) {
  const collector = await spanCollector(t)
  const start = () =>
    startCloud(t, { dataDir, config: { tracing: { endpoint: collector.endpoint } } })
  return { collector, cloud: await start(), start }
}

test('a client’s trace goes through request, transaction, change and step to the substrate', async (t) => {
  const { collector, cloud } = await tracedCloud(t)
  const id = await create({ port: cloud.port, headers })
  await cloud.settle()
  await untilReceived(collector, 'change create')
  const [request, ...others] = collector.spans.filter(({ parentSpanId }) => parentSpanId === SPAN)
  assert.deepEqual([request?.name, request?.kind, others.length], ['CreateInstance', 2, 0])
  const { 'emrys.request_id': requestId, ...about } = attributesOf(request)
  assert.match(String(requestId), /^[\da-f-]{36}$/)
  assert.deepEqual(about, {
    'emrys.dialect': 'tencent',
    'emrys.action': 'CreateInstance',
    'emrys.outcome': 'ok',
    'emrys.region': 'ap-guangzhou',
  })
  const [transaction] = childrenOf(collector, request!)
  assert.equal(transaction?.name, 'transaction')
  // The operation is recorded in the transaction, so that this is where the change was asked for.
  const [change] = childrenOf(collector, transaction)
  assert.equal(change?.name, 'change create')
  assert.equal(attributesOf(change)['emrys.cluster'], id)
  const steps = childrenOf(collector, change)
  assert.ok(steps.length > 0 && steps.every(({ name }) => name === 'step'))
  const below = steps.flatMap((step) => childrenOf(collector, step))
  assert.ok(named(below).includes('apply') && named(below).includes('transaction'))
  assert.deepEqual([...new Set(collector.spans.map(({ traceId }) => traceId))], [TRACE])
})

test('a change that another process carries out continues in the trace of its request', async (t) => {
  const { collector, cloud, start } = await tracedCloud(t)
  const id = await create({ port: cloud.port, headers })
  await cloud.settle()
  await untilReceived(collector, 'change create')
  await cloud.loop.stop()
  const trace = TRACE.replace('0af', 'fff')
  const traceparent = `00-${trace}-${SPAN}-01`
  const asked = { port: cloud.port, headers: { traceparent } }
  assert.equal((await ask(asked, 'TerminateInstance', { InstanceId: id })).code, '')
  await cloud.close()
  assert.ok(!named(collector.spans).includes('change delete'))
  const again = await start()
  await again.settle()
  await untilReceived(collector, 'change delete')
  const change = collector.spans.find(({ name }) => name === 'change delete')!
  assert.equal(change.traceId, trace)
  const request = collector.spans.find(({ name }) => name === 'TerminateInstance')!
  const [transaction] = childrenOf(collector, request)
  assert.equal(change.parentSpanId, transaction?.spanId)
  const below = childrenOf(collector, change).flatMap((step) => childrenOf(collector, step))
  assert.ok(named(below).includes('remove'), named(below).join(', '))
})

test('a client that records nothing is believed, and one without a trace begins one', async (t) => {
  const { collector, cloud } = await tracedCloud(t)
  const quiet = { traceparent: headers.traceparent.replace(/01$/, '00') }
  await create({ port: cloud.port, headers: quiet })
  await cloud.settle()
  assert.equal(
    (await ask({ port: cloud.port, headers: { traceparent: 'x' } }, 'DescribeInstances', {})).code,
    'MissingParameter',
  )
  await untilReceived(collector, 'DescribeInstances')
  const [only] = collector.spans
  assert.deepEqual(named(collector.spans), ['DescribeInstances'])
  assert.equal(only?.parentSpanId, undefined)
  assert.notEqual(only?.traceId, TRACE)
  assert.equal(attributesOf(only)['emrys.outcome'], 'ParametersRefused')
  // What a client did wrong is no failure of the server.
  assert.deepEqual(only?.status, {})
})

test('a collector that hangs costs no request anything, and what is dropped is counted', async (t) => {
  const { collector, cloud } = await tracedCloud(t)
  collector.behave(503)
  assert.equal((await ask({ port: cloud.port }, 'CreateInstance', sampleCreateRequest())).code, '')
  for (let look = 0; ; look++) {
    const { text } = await askAdmin(cloud.port, 'metrics')
    if (/^emrys_spans\{outcome="dropped"\} [1-9]/m.test(text)) break
    assert.ok(look < LOOKS_MAX, text)
    await pause(10)
  }
  collector.behave('hang')
  await create({ port: cloud.port })
  await cloud.settle()
  const before = collector.requests()
  for (let look = 0; collector.requests() === before; look++) {
    assert.ok(look < LOOKS_MAX, 'nothing is on its way')
    await pause(10)
  }
  // One batch hangs until the collector is given up, which is ten seconds: what is asked now does not wait for that.
  const startedMs = performance.now()
  assert.equal((await ask({ port: cloud.port }, 'CreateInstance', sampleCreateRequest())).code, '')
  assert.ok(performance.now() - startedMs < 5_000)
  await cloud.close()
})

test('without the setting there is no exporter, no span and no figure of them', async (t) => {
  const cloud = await startCloud(t)
  await create({ port: cloud.port, headers })
  const [operation] = await cloud.store.read(async (tx) => {
    const listing = { account: '100000000001', order: 'newest', limit: 1, offset: 0 } as const
    return (await tx.list('operation', listing)).rows
  })
  assert.equal(operation?.document.verb, 'create')
  assert.equal(operation?.document.span, undefined)
  assert.doesNotMatch((await askAdmin(cloud.port, 'metrics')).text, /emrys_spans/)
})

test(
  'the start of an engine lies in the trace of the request that asked for it',
  { skip: existsSync('/proc/self/stat') ? false : 'there is no /proc to see processes in' },
  async (t) => {
    const collector = await spanCollector(t)
    const cloud = await startCloud(t, {
      dataDir: localDataDirectory(t),
      clock: systemClock(),
      config: { ...smallEngines, tracing: { endpoint: collector.endpoint } },
    })
    await createInstance(cloud.port)
    await untilReceived(collector, 'change create')
    const start = collector.spans.find(({ name }) => name === 'engine start')
    const above = (span: ReceivedSpan | undefined): readonly string[] => {
      const parent = collector.spans.find(({ spanId }) => spanId === span?.parentSpanId)
      return parent ? [parent.name, ...above(parent)] : []
    }
    const path = above(start)
    assert.deepEqual(path.slice(-5), [
      'apply',
      'step',
      'change create',
      'transaction',
      'CreateInstanceV1',
    ])
  },
)
