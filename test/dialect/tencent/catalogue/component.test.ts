import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  componentByNumber,
  componentOf,
  components,
  needsMetaDb,
  processByNumber,
  processesOf,
} from '../../../../src/dialect/tencent/catalogue/component.ts'
import { nodeRuleOf } from '../../../../src/dialect/tencent/catalogue/node-rule.ts'
import { offeredBy, products } from '../../../../src/dialect/tencent/catalogue/product.ts'
import type { Role } from '../../../../src/dialect/tencent/catalogue/schema.ts'

const roles: readonly Role[] = ['master', 'core', 'task', 'common', 'router']
const base = ['hdfs', 'yarn', 'zookeeper', 'knox', 'openldap']

test('names, aliases, component numbers and process numbers are unique', () => {
  const names = components.flatMap((one) => [one.name, ...one.aliases])
  const numbers = components.flatMap((one) => [one.number, ...one.parts.map((part) => part.number)])
  const processes = components.flatMap((one) => one.processes)
  for (const list of [
    names,
    numbers,
    processes.map((one) => one.number),
    processes.flatMap((one) => [one.name, ...one.aliases]),
    components.map((one) => one.title),
  ]) {
    assert.equal(new Set<unknown>(list).size, list.length)
  }
})

test('dependencies and conflicts name known components, and dependencies have no circle', () => {
  const visit = (name: string, path: readonly string[]): void => {
    assert.ok(!path.includes(name), [...path, name].join(' > '))
    const component = componentOf(name)
    assert.equal(component?.name, name)
    for (const need of component?.dependsOn ?? []) visit(need, [...path, name])
  }
  for (const { name, conflictsWith } of components) {
    visit(name, [])
    for (const other of conflictsWith) {
      assert.ok(componentOf(other)?.conflictsWith.includes(name), `${name} and ${other}`)
    }
  }
})

test('what a product offers can be installed: every dependency is offered as well', () => {
  for (const product of products) {
    const offered = offeredBy(product)
    for (const name of offered.keys()) {
      for (const need of componentOf(name)?.dependsOn ?? []) {
        assert.ok(offered.has(need), `${product.version}: ${name} needs ${need}`)
      }
    }
  }
})

test('every component has a place in every product that offers it, with and without HA', () => {
  let seen = 0
  for (const product of products) {
    for (const ha of [false, true]) {
      const rule = nodeRuleOf({ class: product.class, variant: 'default', ha })
      if (rule === undefined) continue
      const present = roles.filter((role) => rule.counts[role].max > 0)
      for (const name of offeredBy(product).keys()) {
        const component = componentOf(name)
        const placed = present.some((role) => {
          const place = processesOf({ components: [name], class: product.class, role, ha })
          return (
            place.processes.some((process) => process.component === name) ||
            place.clients.includes(component?.title ?? '')
          )
        })
        assert.ok(placed, `${product.version} ha=${ha}: ${name}`)
        seen += 1
      }
    }
  }
  assert.ok(seen > 1000)
})

test('a highly available Hadoop cluster is laid out as clients read it back', () => {
  const at = (role: Role) =>
    processesOf({ components: base, class: 'hadoop', role, ha: true }).processes.map(
      (process) => process.name,
    )
  assert.deepEqual(at('master'), [
    'Filebeat',
    'JobHistoryServer',
    'NameNode',
    'ResourceManager',
    'Sysctl',
    'TimeLineServer',
    'ZKFailoverController',
    'gateway',
    'ldap',
    'slapd',
  ])
  assert.deepEqual(at('core'), ['DataNode', 'Filebeat', 'NodeManager', 'Sysctl'])
  assert.deepEqual(at('task'), ['Filebeat', 'NodeManager', 'Sysctl'])
  assert.deepEqual(at('common'), ['Filebeat', 'JournalNode', 'Sysctl', 'Zookeeper'])
  const core = processesOf({ components: base, class: 'hadoop', role: 'core', ha: true })
  assert.deepEqual(core.clients.toSorted(), ['FILEBEAT', 'HDFS', 'RUNTIME', 'YARN', 'ZOOKEEPER'])
})

test('without HA nothing of HA runs and ZooKeeper is on the master', () => {
  const { processes } = processesOf({
    components: base,
    class: 'hadoop',
    role: 'master',
    ha: false,
  })
  const names = processes.map((process) => process.name)
  assert.ok(names.includes('Zookeeper'))
  assert.ok(!names.includes('ZKFailoverController') && !names.includes('JournalNode'))
})

test('a class without masters runs on its core nodes what would be on a master', () => {
  const { processes } = processesOf({
    components: ['kafka', 'kafkamanager', 'knox', 'zookeeper'],
    class: 'kafka',
    role: 'core',
    ha: false,
  })
  assert.deepEqual(
    processes.map((process) => process.name),
    ['Filebeat', 'KafkaBroker', 'KafkaManager', 'Sysctl', 'Zookeeper', 'gateway', 'ldap'],
  )
})

test('numbers lead to components and processes, those of parts to their own processes only', () => {
  assert.equal(componentByNumber(2)?.component.name, 'yarn')
  assert.equal(processByNumber(7)?.name, 'NodeManager')
  assert.equal(processByNumber(7)?.component, 'yarn')
  const part = componentByNumber(48)
  assert.equal(part?.component.name, 'hive')
  assert.deepEqual(
    part?.processes.map((process) => process.name),
    ['HiveMetaStore'],
  )
  assert.equal(componentByNumber(999), undefined)
  assert.equal(processByNumber(-1), undefined)
})

test('a metadata database is needed at creation for some components only', () => {
  assert.equal(needsMetaDb(base), false)
  for (const name of ['hive', 'hue', 'ranger', 'oozie', 'druid', 'superset']) {
    assert.equal(needsMetaDb([...base, name]), true)
  }
  assert.equal(needsMetaDb(['presto', 'sqoop']), false)
})
