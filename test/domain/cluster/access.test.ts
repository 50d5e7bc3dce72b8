import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  accessDigest,
  allowedBlocks,
  newAccess,
  routesOf,
  withAllowList,
  withFrontends,
  withNewGateway,
  withoutAllowList,
  withoutGateway,
  type Access,
} from '../../../src/domain/cluster/access.ts'

const frontends = ['fe-0', 'fe-1', 'fe-2', 'fe-3', 'fe-4']
const initial = newAccess({ id: 'g-0', name: 'default', balanced: false })
const added = (access: Access, id: string, count: number) =>
  withNewGateway(access, { id, name: id, balanced: true, open: false }, { count, frontends })
const routes = (access: Access | undefined, nodes: readonly string[] = frontends) =>
  access && routesOf(access, nodes).map((route) => [route.gateway.id, ...route.frontends])

test('the default gateway has every frontend that no other one took, new ones too', () => {
  assert.deepEqual(routes(initial), [['g-0', ...frontends]])
  const two = added(initial, 'g-1', 2)
  assert.deepEqual(routes(two), [
    ['g-0', 'fe-0', 'fe-1', 'fe-2'],
    ['g-1', 'fe-3', 'fe-4'],
  ])
  assert.deepEqual(routes(two, [...frontends, 'fe-5'])?.[0], [
    'g-0',
    'fe-0',
    'fe-1',
    'fe-2',
    'fe-5',
  ])
})

test('the leader is never given away, and isolated it takes no clients', () => {
  assert.equal(added(initial, 'g-1', 5), undefined)
  const isolated = { ...initial, leaderIsolated: true }
  assert.deepEqual(routes(isolated), [['g-0', 'fe-1', 'fe-2', 'fe-3', 'fe-4']])
  // One of the others has to stay for the clients of the default gateway.
  assert.equal(added(isolated, 'g-1', 4), undefined)
  assert.deepEqual(routes(added(isolated, 'g-1', 3))?.[0], ['g-0', 'fe-1'])
})

test('a gateway keeps its frontends when it gets more, gives the last back, and all when it goes', () => {
  const two = added(added(initial, 'g-1', 1)!, 'g-2', 1)!
  const more = withFrontends(two, 'g-1', { count: 2, frontends })!
  assert.deepEqual(routes(more), [
    ['g-0', 'fe-0', 'fe-1'],
    ['g-1', 'fe-2', 'fe-4'],
    ['g-2', 'fe-3'],
  ])
  assert.equal(withFrontends(more, 'g-1', { count: 4, frontends }), undefined)
  const fewer = withFrontends(more, 'g-1', { count: 1, frontends })!
  assert.deepEqual(routes(fewer), routes(two))
  assert.deepEqual(routes(withoutGateway(more, 'g-1')), [
    ['g-0', 'fe-0', 'fe-1', 'fe-2', 'fe-4'],
    ['g-2', 'fe-3'],
  ])
})

test('without a list everyone may connect; with lists, the blocks of all of them', () => {
  assert.equal(allowedBlocks(initial), undefined)
  const office = withAllowList(initial, { name: 'a', blocks: ['10.0.0.0/8', '10.0.0.7'] })
  const both = withAllowList(office, { name: 'b', blocks: ['10.0.0.7'] })
  assert.deepEqual(allowedBlocks(both), ['10.0.0.0/8', '10.0.0.7'])
  assert.deepEqual(allowedBlocks(withAllowList(both, { name: 'a', blocks: ['10.0.0.9'] })), [
    '10.0.0.9',
    '10.0.0.7',
  ])
  assert.equal(allowedBlocks(withoutAllowList(office, 'a')), undefined)
})

test('the digest of an access is empty where none is described, and another for each', () => {
  assert.equal(accessDigest(undefined), '')
  assert.equal(accessDigest(initial), accessDigest({ ...initial }))
  assert.notEqual(accessDigest(initial), accessDigest({ ...initial, leaderIsolated: true }))
})
