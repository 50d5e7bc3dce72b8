import { echoComponent } from '../../support/engine/echo-component.ts'
import { localDirectory, localSubject } from '../../support/engine/local-substrate.ts'
import { sampleGroup } from '../../support/fixture/sample.ts'
import { substrateConformance } from '../conformance.ts'

const scripts = async () => ({ text: Buffer.from('#!/bin/sh\nexit 0\n') })

substrateConformance('local, one process', async (t) =>
  localSubject(localDirectory(t, echoComponent('f', { single: true })), { scripts }),
)

substrateConformance(
  'local, a process for each node',
  async (t) => localSubject(localDirectory(t, echoComponent('f')), { scripts }),
  { groups: [{ ...sampleGroup('a', 1), role: 'head' }, sampleGroup('b', 3)] },
)
