import { echoComponent, echoDaemons } from '../../support/engine/echo-component.ts'
import { localDirectory, localSubject } from '../../support/engine/local-substrate.ts'
import { sampleGroup } from '../../support/fixture/sample.ts'
import { substrateConformance } from '../conformance.ts'
import { daemonConformance } from '../daemon-conformance.ts'
import { wantedOf } from '../subject.ts'

const scripts = async () => ({ text: Buffer.from('#!/bin/sh\nexit 0\n') })

substrateConformance('local, one process', async (t) =>
  localSubject(localDirectory(t, echoComponent('f', { single: true })), { more: { scripts } }),
)

substrateConformance(
  'local, a process for each node',
  async (t) => localSubject(localDirectory(t, echoComponent('f')), { more: { scripts } }),
  { groups: [{ ...sampleGroup('a', 1), role: 'head' }, sampleGroup('b', 3)] },
)

daemonConformance(
  'local, a process for each daemon',
  // No sentence touches the daemon `two`.
  async (t) => localSubject(localDirectory(t, echoDaemons('f')), { role: 'two' }),
  (id) => wantedOf({}, id),
)
