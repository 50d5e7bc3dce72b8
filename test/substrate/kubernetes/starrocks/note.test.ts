import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  withNodes,
  withoutNodes,
  withRestart,
  type ClusterSpec,
} from '../../../../src/domain/cluster/spec.ts'
import type { Wanted } from '../../../../src/substrate/port.ts'
import {
  nextNote,
  noteObject,
  noteOf,
  templateRead,
  templateText,
  withNoteNodes,
  type InstanceNote,
  type NoteNode,
} from '../../../../src/substrate/kubernetes/starrocks/note.ts'
import { sampleNode } from '../../../support/fixture/sample.ts'
import { instanceSpec, sampleInstallation } from '../../../support/fixture/starrocks-instance.ts'

function wanted(spec: ClusterSpec): Wanted {
  return { id: 'c-1', name: 'sample', spec, reveal: () => undefined }
}

function noted(
  spec: ClusterSpec,
  was?: InstanceNote,
  pods: Readonly<Record<string, string>> = {},
): InstanceNote {
  return nextNote(wanted(spec), { was, pods: new Map(Object.entries(pods)), nowMs: 5 })
}

function nodeIn({ groups }: InstanceNote, id: string): NoteNode | undefined {
  return groups.flatMap(({ nodes }) => nodes).find((node) => node.id === id)
}

test('the same spec is the same note, and is read back as it was written', () => {
  const spec = instanceSpec()
  const first = noted(spec)
  const later = nextNote(wanted(spec), { was: first, pods: new Map(), nowMs: 999 })
  assert.deepEqual(later, first)
  const object = noteObject(sampleInstallation, 'n', first)
  assert.deepEqual(noteOf(object), first)
  assert.equal(noteOf({ ...object, data: {} }), undefined)
  assert.equal(noteOf(undefined), undefined)
})

test('a restart names the pod that has to go, once: whatever comes after it is the new one', () => {
  const spec = instanceSpec()
  const once = withRestart(spec, { of: 'nodes', nodes: ['be-1'] })
  const first = noted(once, noted(spec), { 'be-1': 'old' })
  assert.deepEqual(nodeIn(first, 'be-1')?.leaving, { pod: 'old', restarts: 0 })
  assert.equal(nodeIn(first, 'be-0')?.leaving, undefined)
  assert.deepEqual(noted(once, first, { 'be-1': 'new' }), first)
  const twice = withRestart(once, { of: 'nodes', nodes: ['be-1'] })
  const hurried = noted(twice, first, { 'be-1': 'old' })
  assert.deepEqual(nodeIn(hurried, 'be-1')?.leaving, { pod: 'old', restarts: 0 })
  const second = noted(twice, first, { 'be-1': 'new' })
  assert.deepEqual(nodeIn(second, 'be-1')?.leaving, { pod: 'new', restarts: 1 })
  assert.equal(nodeIn(noted(twice, first), 'be-1')?.leaving, undefined)
})

test('places in a set are given in the order of the nodes, and new ones stand behind', () => {
  const spec = withNodes(instanceSpec(), 'be', [sampleNode('be', 4), sampleNode('be', 3)])
  const [, workers] = noted(spec).groups
  assert.deepEqual(
    workers?.nodes.map(({ id }) => id),
    ['be-0', 'be-1', 'be-2', 'be-3', 'be-4'],
  )
})

test('a node that is not wanted stays until it may go, keeps its place, and none comes before it is gone', () => {
  const spec = instanceSpec()
  const less = withoutNodes(spec, ['be-2'])
  const first = noted(spec)
  const next = (changed: ClusterSpec, was: InstanceNote, mayGo: boolean) =>
    nextNote(wanted(changed), { was, pods: new Map(), nowMs: 5, mayGo: () => mayGo })
  const kept = next(less, first, false)
  assert.equal(nodeIn(kept, 'be-2')?.unwanted, true)
  const draining = withNoteNodes(kept, (node) =>
    node.id === 'be-2' ? { ...node, draining: true } : node,
  )
  assert.deepEqual(nodeIn(next(less, draining, false), 'be-2')?.draining, true)
  assert.deepEqual(nodeIn(next(spec, draining, false), 'be-2'), nodeIn(first, 'be-2'))
  const going = next(less, draining, true)
  assert.equal(nodeIn(going, 'be-2')?.going, true)
  const more = withNodes(less, 'be', [sampleNode('be', 3)])
  assert.equal(nodeIn(next(more, going, true), 'be-3'), undefined)
  // Wanted again, it goes first.
  assert.equal(nodeIn(next(spec, going, true), 'be-2')?.going, true)
  const gone = withNoteNodes(going, (node) => (node.going ? undefined : node))
  assert.deepEqual(
    next(more, gone, true).groups[1]?.nodes.map(({ id }) => id),
    ['be-0', 'be-1', 'be-3'],
  )
})

test('a note of the version before is read with the sets that there were', () => {
  const note = noted(instanceSpec())
  const former = { ...note, version: 1, groups: note.groups.map(({ set: _set, ...rest }) => rest) }
  const { data: _data, ...object } = noteObject(sampleInstallation, 'n', note)
  assert.deepEqual(noteOf({ ...object, data: { 'instance.json': JSON.stringify(former) } }), note)
})

test('a change of the note says which one it is a change of', () => {
  const note = noted(instanceSpec())
  assert.equal(noteObject(sampleInstallation, 'n', note).metadata.resourceVersion, undefined)
  assert.equal(noteObject(sampleInstallation, 'n', note, '7').metadata.resourceVersion, '7')
})

test('a setting is another template for the pods of its part alone, and the same spec for all', () => {
  const file = { service: 's', version: '1', file: 'FE', properties: { a: 'b' } }
  const before = noted(instanceSpec())
  const after = noted(instanceSpec(undefined, { configuration: [file] }), before)
  const textsOf = ({ groups }: InstanceNote) => groups.map((group) => templateText(group))
  assert.notEqual(textsOf(after)[0], textsOf(before)[0])
  assert.equal(textsOf(after)[1], textsOf(before)[1])
  const [frontends, workers] = after.groups
  assert.deepEqual(
    templateRead(textsOf(before)[1]!, workers!, workers!.template.disks),
    workers!.template,
  )
  assert.notDeepEqual(
    templateRead(textsOf(before)[0]!, frontends!, frontends!.template.disks),
    frontends!.template,
  )
  assert.deepEqual(
    templateRead(textsOf(after)[0]!, frontends!, frontends!.template.disks),
    frontends!.template,
  )
})
