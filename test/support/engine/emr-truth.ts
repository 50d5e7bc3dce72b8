/**
 * What is there of EMR clusters on this machine, beside what their server says: every process, directory, address and listening socket is
 * one of a cluster's, and there is one of each.
 */
import assert from 'node:assert/strict'
import { globSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Cluster } from '../../../src/domain/cluster/cluster.ts'
import { nodesOf } from '../../../src/domain/cluster/node-group.ts'
import { instancesIn } from '../../../src/substrate/local/instance.ts'
import { pidRecordOf } from '../../../src/substrate/local/pid-file.ts'
import { daemonsOf, listeners, processesOf, socketsOf } from './emr-cluster.ts'

/** How many of each daemon. */
export type Counts = Readonly<Record<string, number>>

export function countsOf(dataDir: string): Counts {
  const names = daemonsOf(dataDir).map(({ name }) => name)
  return Object.fromEntries(
    [...new Set(names)].map((name) => [name, names.filter((each) => each === name).length]),
  )
}

/** Of a cluster that is alone in its data directory and has come to rest. */
export function isWhole(dataDir: string, { id, spec }: Cluster): void {
  const root = join(dataDir, 'local')
  assert.deepEqual(readdirSync(root), [id], 'directories')
  const [note] = instancesIn(root)
  assert.ok(note)
  const wanted = nodesOf(spec.groups).map((node) => node.id)
  const placed = note.groups.flatMap(({ nodes }) => nodes)
  assert.deepEqual(placed.map((node) => node.id).toSorted(), wanted.toSorted(), 'nodes')
  const names = note.processes.map(({ name }) => name).toSorted()
  const there = daemonsOf(dataDir).map(({ name, node }) => `${name}/${node}`)
  assert.deepEqual(there.toSorted(), names, 'processes')
  const folders = globSync('*/*/', { cwd: join(root, id) }).map((each) => each.replace(/\/$/, ''))
  const kept = folders.filter(
    // What jobs wrote stays as long as their cluster.
    (each) => !each.startsWith('job/') && statSync(join(root, id, each)).isDirectory(),
  )
  assert.deepEqual(kept.toSorted(), names, 'directories of processes')
  const addresses = placed.map(({ address }) => address)
  assert.equal(new Set(addresses).size, addresses.length, `addresses: ${addresses.join(', ')}`)
  listensProperly(dataDir, addresses)
}

/** Nobody else is on the addresses of the nodes, and their processes are nowhere else but on 127.0.0.1. */
function listensProperly(dataDir: string, addresses: readonly string[]): void {
  const own = new Set(processesOf(dataDir).flatMap(({ pid }) => socketsOf(pid)))
  const all = listeners()
  const placeOf = ({ host, port }: (typeof all)[0]) => `${host}:${port}`
  const strange = all.filter(({ host, inode }) => addresses.includes(host) && !own.has(inode))
  assert.deepEqual(strange.map(placeOf), [], 'sockets of others')
  const elsewhere = all.filter(
    ({ host, inode }) => own.has(inode) && ![...addresses, '127.0.0.1'].includes(host),
  )
  assert.deepEqual(elsewhere.map(placeOf), [], 'sockets elsewhere')
  const places = all.filter(({ inode }) => own.has(inode)).map(placeOf)
  assert.equal(new Set(places).size, places.length, 'sockets')
}

/** Nothing at all, and nobody on the addresses that it had. */
export function isGone(dataDir: string, addresses: readonly string[]): void {
  assert.deepEqual(processesOf(dataDir), [])
  assert.deepEqual(readdirSync(join(dataDir, 'local')), [])
  assert.deepEqual(
    listeners().filter(({ host }) => addresses.includes(host)),
    [],
  )
}

/** What a server that changes nothing leaves as it is: processes by their start times, and files but for what daemons write themselves. */
export function touchedBy(dataDir: string): Readonly<Record<string, string>> {
  const started = daemonsOf(dataDir).map(
    ({ pid, name, node }) => [`${name}/${node}`, `${pid} ${pidRecordOf(pid)?.started}`] as const,
  )
  const root = join(dataDir, 'local')
  const files = globSync(
    '*/{*.json,*/*.json,*/*/{*.sh,*.xml,*.cfg,*.properties,plan.json,digest}}',
    {
      cwd: root,
    },
  )
  const written = files.map((file) => [file, String(statSync(join(root, file)).mtimeMs)] as const)
  return Object.fromEntries([...started, ...written])
}
