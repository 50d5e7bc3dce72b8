import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { spanExporter, type SpanExporter } from '../../../src/adapter/otlp/exporter.ts'
import type { Logger } from '../../../src/kernel/log.ts'
import type { Span } from '../../../src/kernel/trace.ts'
import { limits } from '../../../src/limits.ts'
import { spanCollector } from '../../support/http/span-collector.ts'

const TIMES = { flushMs: 10, sendMs: 30_000, closeMs: 50 }

function span(name: string): Span {
  return {
    name,
    kind: 'server',
    traceId: 'a'.repeat(32),
    spanId: 'b'.repeat(16),
    startMs: 1_700_000_000_000.25,
    endMs: 1_700_000_000_001,
    attributes: { text: 'x', whole: 7, part: 0.5, flag: true },
  }
}

function exporterTo(
  t: TestContext,
  endpoint: string,
  times: typeof TIMES = TIMES,
): SpanExporter & { readonly warnings: string[] } {
  const warnings: string[] = []
  const log: Logger = {
    debug() {},
    info: (_facts, message) => void warnings.push(message),
    warn: (_facts, message) => void warnings.push(message),
    error() {},
    child: () => log,
  }
  const exporter = spanExporter({ endpoint, log, times })
  t.after(exporter.close)
  return { ...exporter, warnings }
}

async function until(holds: () => boolean): Promise<void> {
  for (let look = 0; !holds(); look++) {
    assert.ok(look < 3_000, 'it did not come about')
    await pause(10)
  }
}

test('a span arrives as the protocol has it', async (t) => {
  const collector = await spanCollector(t)
  const exporter = exporterTo(t, collector.endpoint)
  exporter.add({ ...span('one'), problem: 'TypeError', parentId: 'c'.repeat(16) })
  await until(() => exporter.counts().exported === 1)
  assert.deepEqual(collector.spans, [
    {
      traceId: 'a'.repeat(32),
      spanId: 'b'.repeat(16),
      parentSpanId: 'c'.repeat(16),
      name: 'one',
      kind: 2,
      startTimeUnixNano: '1700000000000250000',
      endTimeUnixNano: '1700000000001000000',
      attributes: [
        { key: 'text', value: { stringValue: 'x' } },
        { key: 'whole', value: { intValue: '7' } },
        { key: 'part', value: { doubleValue: 0.5 } },
        { key: 'flag', value: { boolValue: true } },
      ],
      status: { code: 2, message: 'TypeError' },
    },
  ])
})

test('spans go in batches, one after the other, and those of the end go with the end', async (t) => {
  const collector = await spanCollector(t)
  const exporter = exporterTo(t, collector.endpoint, { ...TIMES, closeMs: 30_000 })
  const all = limits.spansPerBatch * 2 + 1
  for (let at = 0; at < all; at++) exporter.add(span(`span ${at}`))
  await exporter.close()
  assert.deepEqual(exporter.counts(), { exported: all, dropped: 0 })
  assert.equal(collector.requests(), 3)
  assert.equal(new Set(collector.spans.map(({ name }) => name)).size, all)
})

test('a collector that hangs costs memory up to a bound, and nobody waits for it', async (t) => {
  const collector = await spanCollector(t)
  collector.behave('hang')
  const exporter = exporterTo(t, collector.endpoint)
  for (let at = 0; at < limits.spansPerBatch; at++) exporter.add(span('on its way'))
  await until(() => collector.requests() === 1)
  for (let at = 0; at < limits.spansWaiting; at++) exporter.add(span('waiting'))
  assert.deepEqual(exporter.counts(), { exported: 0, dropped: 0 })
  for (let at = 0; at < 1_000; at++) exporter.add(span('beside'))
  assert.deepEqual(exporter.counts(), { exported: 0, dropped: 1_000 })
  await exporter.close()
  const dropped = 1_000 + limits.spansPerBatch + limits.spansWaiting
  assert.deepEqual(exporter.counts(), { exported: 0, dropped })
  exporter.add(span('after the end'))
  assert.equal(exporter.counts().dropped, dropped + 1)
})

test('one that takes too long is given up, and one that came back is sent to again', async (t) => {
  const collector = await spanCollector(t)
  collector.behave('hang')
  const exporter = exporterTo(t, collector.endpoint, { ...TIMES, sendMs: 20 })
  exporter.add(span('lost'))
  await until(() => exporter.counts().dropped === 1)
  collector.behave(503)
  exporter.add(span('refused'))
  await until(() => exporter.counts().dropped === 2)
  collector.behave('reject')
  exporter.add(span('kept'))
  exporter.add(span('not taken'))
  await until(() => exporter.counts().exported === 1)
  assert.equal(exporter.counts().dropped, 3)
  assert.deepEqual(exporter.warnings, [
    'the collector takes no spans; they are dropped',
    'the collector takes spans again',
  ])
})

test('one that is gone is the same', async (t) => {
  const exporter = exporterTo(t, 'http://127.0.0.1:9/')
  exporter.add(span('lost'))
  await until(() => exporter.counts().dropped === 1)
})
