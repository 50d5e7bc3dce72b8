/** Nodes that come and go: back ends whose data have to be moved first, and front ends of which most have to answer. */
import { after, test, type TestContext } from 'node:test'
import { sampleGroup } from '../support/fixture/sample.ts'
import { scaleConformance } from '../substrate/scale-conformance.ts'
import { wantedOf } from '../substrate/subject.ts'
import { skipWithoutControlPlane } from './control-plane.ts'
import { kubernetesSubject } from './kubernetes-subject.ts'
import { startWorld } from './world.ts'

const skip = skipWithoutControlPlane()
const ending = { after: (undo: unknown) => after(undo as () => void) }

/** The last group is the one of which nodes come and go. */
const samples = {
  'back ends': [
    { ...sampleGroup('a', 1), role: 'fe' },
    { ...sampleGroup('b', 3), role: 'be' },
  ],
  'back ends of a further group': [
    { ...sampleGroup('a', 1), role: 'fe' },
    { ...sampleGroup('b', 1), role: 'be' },
    { ...sampleGroup('c', 3), role: 'be' },
  ],
  observers: [
    { ...sampleGroup('a', 1), role: 'fe' },
    { ...sampleGroup('b', 1), role: 'be' },
    { ...sampleGroup('o', 3), role: 'observer' },
  ],
  'front ends': [
    { ...sampleGroup('b', 1), role: 'be' },
    { ...sampleGroup('a', 3), role: 'fe' },
  ],
}

if (skip === false) {
  const { access, kubelet } = await startWorld(ending)
  const open = async (t: TestContext) => kubernetesSubject(t, access, kubelet)
  for (const [name, groups] of Object.entries(samples))
    scaleConformance(`${name} on kubernetes`, open, (id) => wantedOf({ groups }, id))
} else {
  test('nodes of instances on Kubernetes come and go', { skip }, () => {})
}
