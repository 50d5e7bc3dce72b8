/**
 * Every service is held to its words: its daemons start, answer their probes, are left alone by another look, come back when they are
 * killed, are stopped and come back, let a node go, and leave nothing.
 */
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { withoutNodes } from '../../src/domain/cluster/spec.ts'
import { instanceFolder } from '../../src/substrate/local/instance.ts'
import { serviceLocks } from '../../src/substrate/local/lock.ts'
import { cachedModules } from '../../src/substrate/local/module.ts'
import { roleProcess } from '../../src/substrate/local/role-process.ts'
import { serviceComponent } from '../../src/substrate/local/service-component.ts'
import { services } from '../../src/substrate/local/service-list.ts'
import { kill } from '../support/engine/emr-cluster.ts'
import {
  localDirectory,
  localSubject,
  ready,
  removedFrom,
  untilSeen,
} from '../support/engine/local-substrate.ts'
import { cache, skipWithout } from '../support/engine/module.ts'
import { sampleGroup } from '../support/fixture/sample.ts'
import { isReached, next, seenNodes, wantedOf } from '../substrate/subject.ts'

/** With what each needs beside it. */
const clusters: Readonly<Record<string, readonly string[]>> = {
  openldap: ['openldap-2.4.44'],
  zookeeper: ['zookeeper-3.6.3'],
  hdfs: ['hdfs-3.2.2'],
  yarn: ['hdfs-3.2.2', 'yarn-3.2.2'],
  kafka: ['kafka-2.4.1'],
  clickhouse: ['zookeeper-3.6.3', 'clickhouse-20.7.2.30'],
  flink: ['flink-1.14.5'],
  hbase: ['zookeeper-3.6.3', 'hdfs-3.2.2', 'hbase-2.4.5'],
  hive: ['hdfs-3.2.2', 'yarn-3.2.2', 'hive-3.1.3'],
  spark: ['hdfs-3.2.2', 'yarn-3.2.2', 'spark-3.2.2'],
  trino: ['trino-389'],
}

const groupOf = (role: string, nodes: number) => ({ ...sampleGroup(role, nodes), role })

for (const { name, part = name, directory: keeps } of services) {
  const components = clusters[name] ?? []
  const skip = skipWithout(part)
  const sentence = `${name} is what its declaration says, from its first start to its end`
  test(sentence, { skip, timeout: 1_200_000 }, async (t) => {
    assert.ok(components.length > 0, `no cluster is known for ${name}`)
    const component = serviceComponent({
      family: 'hadoop',
      services,
      skipped: [],
      modules: cachedModules(cache, ...serviceLocks),
      env: process.env,
    })
    const directory = localDirectory(t, component)
    const subject = localSubject(directory)
    const software = { family: 'hadoop', version: '', components }
    const groups = [groupOf('master', 1), groupOf('core', 2), groupOf('task', 1)]
    const it = wantedOf({ software, groups }, 'c-1')
    await ready(subject.substrate, it)
    const pids = () =>
      directory.note('c-1').processes.map((process) => {
        const files = instanceFolder(directory.root, 'c-1').files(process.name)
        return roleProcess(files).pid() ?? 0
      })
    const first = pids()
    assert.ok(first.every((pid) => pid > 0))

    const content = { users: [], groups: [] }
    const keepsUsers = () => subject.substrate.directories?.ensure(it, content)
    assert.equal(await keepsUsers(), keeps !== undefined)

    const note = directory.note('c-1')
    await subject.substrate.apply(it)
    await subject.reopen()
    subject.substrate.supervise?.(() => {})
    await subject.substrate.apply(it)
    assert.deepEqual([pids(), directory.note('c-1')], [first, note])

    for (const pid of first) kill(pid)
    await untilSeen(subject.substrate, 'c-1', (seen) => {
      return isReached(seen, it) && pids().every((pid) => pid > 0 && !first.includes(pid))
    })

    const stopped = { ...it, spec: { ...it.spec, running: false, generation: 2 } }
    await subject.substrate.apply(stopped)
    await untilSeen(subject.substrate, 'c-1', (seen) =>
      seenNodes(seen).every(({ phase }) => phase === 'stopped'),
    )
    const back = { ...it, spec: { ...it.spec, generation: 3 } }
    await ready(subject.substrate, back)

    const less = next(back, withoutNodes(back.spec, ['c-1-task-0']))
    await subject.substrate.drain?.(less, ['c-1-task-0'])
    await untilSeen(subject.substrate, 'c-1', (seen) =>
      seenNodes(seen).some(({ phase }) => phase === 'drained'),
    )
    await ready(subject.substrate, less)

    await removedFrom(subject.substrate, 'c-1')
    assert.equal(existsSync(join(directory.root, 'c-1')), false)
  })
}
