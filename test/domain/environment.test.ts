import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import {
  adoptedBlock,
  declared,
  inconsistencies,
  identify,
  listDeclared,
  tagId,
  type Resource,
} from '../../src/domain/environment.ts'
import { contains, overlaps, parseBlock, type Block } from '../../src/kernel/cidr.ts'
import { sampleEnvironment } from '../support/fixture/environment.ts'

const region = 'r-1'
const open = sampleEnvironment()
const closed = sampleEnvironment({ mode: 'closed' })

test('what is declared is found in its region, and what belongs to none in every region', () => {
  assert.equal(declared(open, 'subnet', 's-1', region)?.zone, 'z-1')
  assert.equal(declared(open, 'subnet', 's-1', 'r-2'), undefined)
  assert.equal(declared(open, 'region', 'r-1', 'r-2')?.id, 'r-1')
  const inZone = listDeclared(open, 'subnet', { zone: 'z-2' })
  assert.deepEqual(
    inZone.map(({ id }) => id),
    ['s-2'],
  )
  assert.deepEqual(listDeclared(open, 'key-pair'), [], 'what is absent is not listed')
})

const refused: readonly [string, 'open' | 'closed', Parameters<typeof identify>[1], string][] = [
  [
    'an unknown id in a closed one',
    'closed',
    { kind: 'subnet', id: 's-9', region },
    'ResourceMissing',
  ],
  ['a zone, which nobody adopts', 'open', { kind: 'zone', id: 'z-9', region }, 'ResourceMissing'],
  [
    'a region, which nobody adopts',
    'open',
    { kind: 'region', id: 'r-9', region: '' },
    'ResourceMissing',
  ],
  [
    'what is declared absent',
    'open',
    { kind: 'key-pair', id: 'k-gone', region },
    'ResourceMissing',
  ],
  ['what cannot be used', 'open', { kind: 'security-group', id: 'g-bad', region }, 'ResourceUnfit'],
  [
    'another zone than it lies in',
    'open',
    { kind: 'subnet', id: 's-1', region, zone: 'z-2' },
    'ResourceMismatch',
  ],
  [
    'another network than it lies in',
    'open',
    { kind: 'subnet', id: 's-1', region, network: 'n-2' },
    'ResourceMismatch',
  ],
]
for (const [what, mode, sight, code] of refused) {
  test(`an environment refuses ${what}`, () => {
    const environment = mode === 'open' ? open : closed
    assert.throws(() => identify(environment, sight, undefined), { code })
  })
}

test('an open environment adopts with the place that the request gives, once', () => {
  const sight = { kind: 'subnet', id: 's-9', region, zone: 'z-1', network: 'n-9' } as const
  const first = identify(open, sight, undefined)
  assert.deepEqual(first, { resource: sight, adopted: true })
  assert.equal(identify(open, sight, first.resource).adopted, false)
  const moved = { ...sight, zone: 'z-2' }
  assert.throws(() => identify(open, moved, first.resource), { code: 'ResourceMismatch' })
  const project = identify(open, { kind: 'project', id: '7', region: 'r-5' }, undefined)
  assert.equal(project.resource.region, '')
})

test('a closed environment knows what was made in it', () => {
  const made: Resource = { kind: 'security-group', id: 'g-1', region }
  assert.equal(identify(closed, made, made).resource, made)
})

test('two pairs of the tag service never have the same id', () => {
  const text = fc.string({ unit: fc.constantFrom('a', '=', ':', '/', ' ', 'é') })
  fc.assert(
    fc.property(text, text, text, text, (k1, v1, k2, v2) => {
      assert.equal(tagId(k1, v1) === tagId(k2, v2), k1 === k2 && v1 === v2)
    }),
  )
})

test('adopted subnets lie within their network, apart from each other and from declared ones', () => {
  const bits = fc.integer({ min: 8, max: 28 })
  const declaredBits = fc.array(fc.tuple(fc.nat(1000), fc.integer({ min: 9, max: 26 })), {
    maxLength: 5,
  })
  fc.assert(
    fc.property(bits, declaredBits, (prefix, inside) => {
      const network = parseBlock(`10.0.0.0/${prefix}`)!
      const taken = inside.flatMap(([place, each]): Block[] => {
        const size = 2 ** (32 - each)
        if (size >= network.size) return []
        return [{ first: network.first + (place % (network.size / size)) * size, size }]
      })
      const found: Block[] = []
      for (let earlier = 0; earlier < 300; earlier++) {
        const block = adoptedBlock(network, taken, earlier)
        if (!block) break
        assert.ok(contains(network, block))
        assert.ok(![...taken, ...found].some((each) => overlaps(each, block)))
        found.push(block)
      }
      assert.ok(found.length < 300, 'a network has room for a bounded number')
      if (prefix <= 12 && taken.length === 0) assert.equal(found.length, 263)
    }),
    { numRuns: 60 },
  )
})

const subnet = { kind: 'subnet', id: 's-x', region, network: 'n-1', zone: 'z-1' } as const
const wrong: readonly [string, Resource, RegExp][] = [
  ['no such network', { ...subnet, network: 'n-9', cidr: '10.9.0.0/24' }, /n-9.*not declared/],
  ['no such zone', { ...subnet, zone: 'z-9', cidr: '10.9.0.0/24' }, /z-9.*not one of r-1/],
  ['outside', { ...subnet, cidr: '11.0.0.0/24' }, /not within 10\.0\.0\.0\/8/],
  ['over another', { ...subnet, cidr: '10.2.3.0/24' }, /overlaps 10\.2\.0\.0\/16 of s-2/],
]
for (const [what, resource, problem] of wrong) {
  test(`declarations disagree: ${what}`, () => {
    const found = inconsistencies(sampleEnvironment({ resources: [resource] }))
    assert.equal(found.length, 1)
    assert.match(found[0]?.problem ?? '', problem)
    assert.deepEqual(inconsistencies(open), [])
  })
}
