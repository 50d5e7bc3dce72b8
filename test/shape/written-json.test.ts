import assert from 'node:assert/strict'
import { test } from 'node:test'
import { textOf, type ByteText } from '../../src/kernel/byte-text.ts'
import { jsonOf, writtenViews } from '../../src/shape/written-json.ts'

interface View {
  readonly Name?: string
  readonly Since: string
  readonly Last?: number
}

const text = (json: string | ByteText) => (typeof json === 'string' ? json : textOf(json))

test('an answer of written views is, byte by byte, the JSON of the views', () => {
  const views = writtenViews<object, View>('Since', 10_000)
  const shapes = [
    { Name: '集群 "a"', Since: '0天1秒', Last: 3 },
    { Since: '', Last: 3 },
    { Name: 'b', Since: 'x' },
    { Since: 'only' },
  ]
  const list = shapes.map((view) => views.of(view, '', () => view, view.Since))
  const [one] = list
  for (const under of [undefined, 'Response']) {
    const whole = { Total: 4, none: undefined, one, list, empty: [], RequestId: 'é' }
    const plain = { ...whole, one: shapes[0], list: shapes }
    assert.equal(
      text(jsonOf(whole, under)),
      JSON.stringify(under === undefined ? plain : { [under]: plain }),
    )
  }
  assert.equal(JSON.stringify({ list }), JSON.stringify({ list: shapes }))
})

test('a view is made once for its document and variant, and what moves is written again', () => {
  const views = writtenViews<object, View>('Since', 10_000)
  const document = {}
  let made = 0
  const shown = (variant: string, since: string, of: object = document) =>
    text(
      jsonOf({
        it: views.of(of, variant, () => ({ Name: variant, Since: `made ${++made}` }), since),
      }),
    )
  assert.equal(shown('zh', '1'), '{"it":{"Name":"zh","Since":"1"}}')
  assert.equal(shown('zh', '2'), '{"it":{"Name":"zh","Since":"2"}}')
  assert.equal(made, 1)
  assert.equal(shown('en', '2'), '{"it":{"Name":"en","Since":"2"}}')
  assert.equal(shown('zh', '2天'), '{"it":{"Name":"zh","Since":"2天"}}')
  assert.equal(shown('zh', ''), '{"it":{"Name":"zh","Since":""}}')
  assert.equal(shown('zh', '2', {}), '{"it":{"Name":"zh","Since":"2"}}')
  assert.equal(made, 3)
})

test('no more bytes are kept than allowed, and what is asked for stays', () => {
  const views = writtenViews<object, View>('Since', 1_000)
  const name = 'x'.repeat(80)
  let made = 0
  const look = (document: object) =>
    views.of(document, '', () => (made++, { Name: name, Since: '' }), '')
  const kept = {}
  for (let n = 0; n < 100; n++) {
    look({})
    look(kept)
  }
  assert.equal(made, 101)
  const old = Array.from({ length: 20 }, () => ({}))
  for (const document of [...old, ...old]) look(document)
  assert.equal(made, 141)
})

test('a view without the member that moves is a bug', () => {
  const views = writtenViews<object, View>('Since', 1_000)
  assert.throws(() => views.of({}, '', () => ({ Name: 'a' }) as never, ''), /no member Since/)
})
