import { echoComponent } from '../../support/engine/echo-component.ts'
import { localDirectory, localSubject } from '../../support/engine/local-substrate.ts'
import { sampleGroup } from '../../support/fixture/sample.ts'
import { substrateConformance } from '../conformance.ts'

substrateConformance('local, one process', async (t) =>
  localSubject(localDirectory(t, echoComponent('f', { single: true }))),
)

substrateConformance(
  'local, a process for each node',
  async (t) => localSubject(localDirectory(t, echoComponent('f'))),
  { groups: [{ ...sampleGroup('a', 1), role: 'head' }, sampleGroup('b', 3)] },
)
