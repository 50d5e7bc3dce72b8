import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { nearest } from '../../src/config/nearest.ts'
import { settings } from '../../src/config/setting.ts'

const names = settings.map(({ name }) => name)

test('what was probably meant is named', () => {
  for (const [typed, meant] of [
    ['prot', 'port'],
    ['por', 'port'],
    ['hosts', 'host'],
    ['loglevel', 'log-level'],
    ['log_level', 'log-level'],
    ['simulation.starrock', 'simulation.starrocks'],
    ['developmen-key', 'development-key'],
    ['tls.certs', 'tls.cert'],
  ] as const)
    assert.equal(nearest(typed, names), meant)
})

test('what is like none of them is not guessed at', () => {
  for (const typed of [
    '',
    'x',
    'long',
    'docs',
    'service-host',
    'port-4580-tcp',
    'p'.repeat(100_000),
  ])
    assert.equal(nearest(typed, names), undefined, typed.slice(0, 20))
})

test('a known name with one letter changed leads back to it', () => {
  const long = names.filter((name) => name.length > 5)
  fc.assert(
    fc.property(fc.constantFrom(...long), fc.nat(), (name, place) => {
      const at = place % name.length
      assert.equal(nearest(`${name.slice(0, at)}§${name.slice(at + 1)}`, [name]), name)
    }),
  )
})
