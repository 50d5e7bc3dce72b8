import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { showProgress } from '../../src/cli/progress.ts'

function shownAfter(t: TestContext, ms: number, watched: boolean): string {
  t.mock.timers.enable({ apis: ['setInterval'] })
  let now = 0
  t.mock.method(performance, 'now', () => now)
  let shown = ''
  const aside = (text: string) => void (shown += text)
  const progress = showProgress({ text: 'wait for it', watched, dim: (text) => text, aside })
  for (now = 0; now < ms;) {
    now += 100
    t.mock.timers.tick(100)
  }
  progress.end()
  now += 5_000
  t.mock.timers.tick(5_000)
  t.mock.reset()
  return shown
}

test('what is quick, and what nobody watches, shows nothing', (t) => {
  assert.equal(shownAfter(t, 900, true), '')
  assert.equal(shownAfter(t, 5_000, false), '')
})

test('after a second it shows for how long, and clears the line at its end', (t) => {
  assert.equal(
    shownAfter(t, 1_100, true),
    '\r\u001b[K1.0 s … wait for it\r\u001b[K1.1 s … wait for it\r\u001b[K',
  )
})
