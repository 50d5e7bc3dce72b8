/** The Kubernetes substrate holds what every substrate owes: with a stand-in for StarRocks' operator, and pods of which nothing runs. */
import { join } from 'node:path'
import { after, test, type TestContext } from 'node:test'
import { sampleGroup } from '../support/fixture/sample.ts'
import { substrateConformance } from '../substrate/conformance.ts'
import { askerOf } from './api.ts'
import { skipWithoutControlPlane, startControlPlane } from './control-plane.ts'
import { startKubelet } from './kubelet.ts'
import { kubernetesSubject } from './kubernetes-subject.ts'
import { startOperator } from './operator.ts'
import { defineStarrocks } from './starrocks-definition.ts'

const skip = skipWithoutControlPlane()
const ending = { after: (undo: unknown) => after(undo as () => void) }

if (skip === false) {
  const { access, client, directory } = await startControlPlane(ending, { controllers: true })
  await defineStarrocks(client)
  const ask = askerOf(ending, access)
  const kubelet = startKubelet(ending, { ask, directory: join(directory, 'claims') })
  startOperator(ending, client, ask)
  const open = async (t: TestContext) => kubernetesSubject(t, access, kubelet)
  substrateConformance('kubernetes', open, {
    groups: [
      { ...sampleGroup('a', 1), role: 'fe' },
      { ...sampleGroup('b', 3), role: 'cn' },
    ],
  })
} else {
  test('the Kubernetes substrate is a substrate', { skip }, () => {})
}
