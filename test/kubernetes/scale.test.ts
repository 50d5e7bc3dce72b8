/** Nodes that come and go: back ends whose data have to be moved first, and front ends of which most have to answer. */
import { join } from 'node:path'
import { after, test, type TestContext } from 'node:test'
import { sampleGroup } from '../support/fixture/sample.ts'
import { scaleConformance } from '../substrate/scale-conformance.ts'
import { wantedOf } from '../substrate/subject.ts'
import { askerOf } from './api.ts'
import { skipWithoutControlPlane, startControlPlane } from './control-plane.ts'
import { startKubelet } from './kubelet.ts'
import { kubernetesSubject } from './kubernetes-subject.ts'
import { startOperator } from './operator.ts'
import { defineStarrocks } from './starrocks-definition.ts'

const skip = skipWithoutControlPlane()
const ending = { after: (undo: unknown) => after(undo as () => void) }

/** The last group is the one of which nodes come and go. */
const samples = {
  'back ends': [
    { ...sampleGroup('a', 1), role: 'fe' },
    { ...sampleGroup('b', 3), role: 'be' },
  ],
  'front ends': [
    { ...sampleGroup('b', 1), role: 'be' },
    { ...sampleGroup('a', 3), role: 'fe' },
  ],
}

if (skip === false) {
  const { access, client, directory } = await startControlPlane(ending, { controllers: true })
  await defineStarrocks(client)
  const ask = askerOf(ending, access)
  const kubelet = startKubelet(ending, { ask, directory: join(directory, 'claims') })
  startOperator(ending, client, ask)
  const open = async (t: TestContext) => kubernetesSubject(t, access, kubelet)
  for (const [name, groups] of Object.entries(samples))
    scaleConformance(`${name} on kubernetes`, open, (id) => wantedOf({ groups }, id))
} else {
  test('nodes of instances on Kubernetes come and go', { skip }, () => {})
}
