import { echoComponent } from '../../support/echo-component.ts'
import { localDirectory, localSubject } from '../../support/local-substrate.ts'
import { sampleGroup } from '../../support/sample.ts'
import { substrateConformance } from '../conformance.ts'

substrateConformance('local, one process', async (t) =>
  localSubject(localDirectory(t, echoComponent('f', { single: true }))),
)

substrateConformance(
  'local, a process for each node',
  async (t) => localSubject(localDirectory(t, echoComponent('f'))),
  { groups: [{ ...sampleGroup('a', 1), role: 'head' }, sampleGroup('b', 3)] },
)
