/** Reading backups and policies. Those of clusters that the caller's policies hide are not there for the caller. */
import type { Backup, BackupPolicy } from '../../domain/backup.ts'
import { Fault } from '../../domain/fault.ts'
import { limits } from '../../limits.ts'
import type { Listing, Page, Reader, Store, Stored } from '../../store/port.ts'
import type { Call } from '../call.ts'
import type { DescribeListener } from '../cluster/list.ts'

export type BackupListing = Pick<
  Listing,
  'parent' | 'ids' | 'states' | 'fromMs' | 'untilMs' | 'limit' | 'offset'
>

export interface BackupListParts {
  readonly store: Store
  readonly onDescribe: DescribeListener
}

const CHUNK = 500

/** The latest first. A look at a backup that is being taken counts as a look at its cluster. */
export async function listBackups(
  { store, onDescribe }: BackupListParts,
  call: Call,
  listing: BackupListing,
): Promise<Page<'backup'>> {
  const read = () => store.read((tx) => listOf(tx, 'backup', { call, listing }))
  const page = await read()
  const open = page.rows.filter(({ document }) => document.state === 'running')
  const clusters = [...new Set(open.map(({ document }) => document.cluster))]
  return clusters.length > 0 && (await onDescribe(clusters)) ? read() : page
}

export function listPolicies(
  { store }: BackupListParts,
  call: Call,
  listing: Pick<Listing, 'parent' | 'ids'>,
): Promise<Page<'backupPolicy'>> {
  const whole = { ...listing, limit: limits.adminRows, offset: 0 }
  return store.read((tx) => listOf(tx, 'backupPolicy', { call, listing: whole }))
}

/** The caller's backup. Throws BackupNotFound. */
export async function presentBackup(tx: Reader, call: Call, id: string): Promise<Stored<'backup'>> {
  const found = await tx.find('backup', call.principal.account, id)
  if (!found || !isOf(found.document, call) || !(await isVisible(tx, call, found.document)))
    throw new Fault('BackupNotFound', { id })
  return found
}

interface ListingQuery {
  readonly call: Call
  readonly listing: BackupListing
}

/** Throws Overloaded when there are too many to look through. */
async function listOf<K extends 'backup' | 'backupPolicy'>(
  tx: Reader,
  kind: K,
  { call, listing }: ListingQuery,
): Promise<Page<K>> {
  const { principal, product, region } = call
  const whole: Listing = {
    ...listing,
    account: principal.account,
    product,
    order: 'newest',
    ...(region === '' ? {} : { region }),
  }
  if (!call.visible) return tx.list(kind, whole)
  const rows: Stored<K>[] = []
  let total = 0
  for (let offset = 0; offset < limits.visibilityScan; offset += CHUNK) {
    const page = await tx.list(kind, { ...whole, offset, limit: CHUNK })
    for (const row of page.rows) {
      if (!(await isVisible(tx, call, row.document))) continue
      if (total++ >= listing.offset && rows.length < listing.limit) rows.push(row)
    }
    if (page.rows.length < CHUNK) return { total, rows }
  }
  throw new Fault('Overloaded', {
    what: `a listing by policy over ${limits.visibilityScan} backups`,
  })
}

function isOf({ product, region }: Backup, call: Call): boolean {
  return product === call.product && (call.region === '' || region === call.region)
}

async function isVisible(
  tx: Reader,
  { visible }: Call,
  { cluster, account }: Pick<Backup | BackupPolicy, 'cluster' | 'account'>,
): Promise<boolean> {
  if (!visible) return true
  const found = await tx.find('cluster', account, cluster)
  return found !== undefined && visible(found.document)
}
