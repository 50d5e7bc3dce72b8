import assert from 'node:assert/strict'
import { test } from 'node:test'
import { logger } from '../../src/kernel/log.ts'
import {
  currentSpan,
  describeSpan,
  inSpan,
  ofThisSpan,
  parentIn,
  traced,
  type Span,
} from '../../src/kernel/trace.ts'

const TRACE = '0af7651916cd43dd8448eb211c80319c'
const SPAN = 'b7ad6b7169203331'

function sink() {
  const spans: Span[] = []
  return { spans, add: (span: Span) => void spans.push(span) }
}

test('a traceparent is read as the standard has it, and what is none is as if there was none', () => {
  assert.deepEqual(parentIn(`00-${TRACE}-${SPAN}-01`), {
    traceId: TRACE,
    spanId: SPAN,
    sampled: true,
  })
  assert.equal(parentIn(`00-${TRACE}-${SPAN}-00`)?.sampled, false)
  assert.equal(parentIn(`01-${TRACE}-${SPAN}-01-what-comes-later`)?.traceId, TRACE)
  for (const wrong of [
    undefined,
    '',
    `ff-${TRACE}-${SPAN}-01`,
    `00-${TRACE.toUpperCase()}-${SPAN}-01`,
    `00-${'0'.repeat(32)}-${SPAN}-01`,
    `00-${TRACE}-${'0'.repeat(16)}-01`,
    `00-${TRACE}-${SPAN}`,
    `00-${TRACE}-${SPAN}-01\n`,
  ])
    assert.equal(parentIn(wrong), undefined, wrong)
})

test('spans lie below the one that their work runs in, and know what was said of them', async () => {
  const to = sink()
  const parent = { traceId: TRACE, spanId: SPAN }
  await traced(to, { name: 'a', kind: 'server', parent }, async () => {
    await inSpan('b', { one: 1 }, async () => describeSpan({ attributes: { two: true } }))
    describeSpan({ name: 'renamed', problem: 'a word' })
  })
  const [inner, outer] = to.spans
  assert.ok(inner && outer)
  assert.deepEqual([outer.name, outer.kind, outer.problem], ['renamed', 'server', 'a word'])
  assert.deepEqual([outer.traceId, outer.parentId], [TRACE, SPAN])
  assert.deepEqual([inner.traceId, inner.parentId], [TRACE, outer.spanId])
  assert.deepEqual(inner.attributes, { one: 1, two: true })
  assert.ok(inner.endMs >= inner.startMs && outer.endMs >= inner.endMs)
  assert.equal(currentSpan(), undefined)
})

test('where no span runs the work is done and nothing is recorded', async () => {
  assert.equal(await inSpan('a', {}, async () => currentSpan()), undefined)
  describeSpan({ name: 'b' })
})

test('what throws is a failed span, with the name of the problem and not its text', async () => {
  const to = sink()
  const problem = new TypeError('a secret')
  await assert.rejects(
    traced(to, { name: 'a' }, () => Promise.reject(problem)),
    problem,
  )
  assert.equal(to.spans[0]?.problem, 'TypeError')
  assert.doesNotMatch(JSON.stringify(to.spans), /secret/)
})

test('a span that is only there around others is left out when there are none', async () => {
  const to = sink()
  await traced(to, { name: 'a', onlyAround: true }, async () => {})
  assert.deepEqual(to.spans, [])
  await traced(to, { name: 'b', onlyAround: true }, () => inSpan('c', {}, async () => {}))
  assert.deepEqual(
    to.spans.map(({ name }) => name),
    ['c', 'b'],
  )
})

test('work that waits in a queue keeps the span that it was put there in', async () => {
  const to = sink()
  let kept: (() => unknown) | undefined
  await traced(to, { name: 'first' }, async () => {
    kept = ofThisSpan(() => currentSpan())
  })
  const found = await traced(to, { name: 'second' }, async () => kept?.())
  assert.equal((found as { spanId: string }).spanId, to.spans[0]?.spanId)
})

test('what is logged in a span names it and its trace; elsewhere it names none', async () => {
  const lines: string[] = []
  const log = logger('info', { write: (line) => void lines.push(line) })
  const to = sink()
  log.info({}, 'before')
  await traced(to, { name: 'a' }, async () => log.child({ part: 'p' }).info({ id: 1 }, 'inside'))
  const [before, inside] = lines.map((line) => JSON.parse(line) as Record<string, unknown>)
  assert.equal(before?.['traceId'] ?? before?.['spanId'], undefined)
  const { traceId, spanId } = to.spans[0]!
  assert.deepEqual([inside?.['traceId'], inside?.['spanId']], [traceId, spanId])
  assert.deepEqual([inside?.['part'], inside?.['id'], inside?.['msg']], ['p', 1, 'inside'])
})
