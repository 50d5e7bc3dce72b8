/**
 * Judges a CreateInstance by the documents alone (reference: tencent-emr.md 2.1 members, 2.3 objects, 2.4 rules across members,
 * 2.5 and 3.2 software, 3.5 counts, 3.7 machines and disks).
 */
import { checkNodes } from './checker-tencent-node.ts'
import { integer, list, oneOf, record, text, type CheckedRecord } from './checker-tencent-type.ts'
import { checkExtras } from './checker-tencent-extra.ts'
import { months, networkIds, products, zones, type ProductTable } from './valid-tencent.ts'
import { isObject, notes, type Fields, type Verdict } from './verdict.ts'

export function judgeTencent(request: unknown): Verdict {
  const it = notes()
  if (!isObject(request)) {
    it.wrong('the request is no object')
    return it.verdict()
  }
  const read: CheckedRecord = { at: '', notes: it }
  checkNames(request, it)
  const product = checkProduct(request, read)
  const software = checkSoftware(request, read, product)
  const monthly = checkTerm(request, read)
  checkName(request, read)
  checkLogin(request, read)
  checkPlace(request, read)
  const ha = oneOf(request, 'SupportHA', { read, needed: true, values: [0, 1] })
  checkNodes(request, read, {
    kind: product?.kind,
    ha: ha === 1,
    kudu: software?.has('kudu') === true,
  })
  checkExtras(request, read, { product, software, monthly })
  return it.verdict()
}

const FOUNDING =
  'ProductId VPCSettings Software ResourceSpec SupportHA InstanceName PayMode Placement TimeSpan TimeUnit LoginSettings COSSettings SgId PreExecutedFileSettings AutoRenew ClientToken NeedMasterWan RemoteLoginAtCreate CheckSecurity ExtendFsField Tags DisasterRecoverGroupIds CbsEncrypt MetaType UnifyMetaInstanceId MetaDBInfo ApplicationRole'.split(
    ' ',
  )
/** Later than the founding document; they may change the meaning of others. */
const LATER =
  'SceneName ExternalService VersionID MultiZone MultiZoneSettings CosBucket NodeMarks LoadBalancerId DefaultMetaVersion NeedCdbAudit SgIP PartitionNumber WebUiVersion CbsSysEncrypt'.split(
    ' ',
  )

function checkNames(request: Fields, it: CheckedRecord['notes']): void {
  for (const [name, value] of Object.entries(request)) {
    if (FOUNDING.includes(name)) continue
    if (!LATER.includes(name)) it.wrong(`${name} is no parameter`)
    else if (value !== null) it.open(`${name} came later`)
  }
}

const SEED_IDS = [1, 2, 4, 7, 9, 11, 13, 15, 16, 17, 19, 20, 22, 24, 25, 26, 27, 28, 29, 30]
const LATER_IDS = [33, 34, 36, 37, 38, 39, 41, 44, 50, 51, 53, 54]

function checkProduct(request: Fields, read: CheckedRecord): ProductTable | undefined {
  const id = integer(request, 'ProductId', read, true)
  if (id === undefined) return undefined
  const known = products.get(id)
  if (known) return known
  const perhaps = SEED_IDS.includes(id) || LATER_IDS.includes(id) || (id >= 58 && id <= 80)
  if (perhaps) read.notes.open(`product ${id} is not in this table`)
  else read.notes.wrong(`product ${id} was never on sale`)
  return undefined
}

/** Every name of the documents' component tables. */
const COMPONENTS = new Set(
  'hdfs yarn zookeeper knox openldap hive tez spark presto prestosql trino hbase phoenix flink storm impala kudu kylin hue oozie sqoop flume ranger kerberos ganglia zeppelin superset livy alluxio hudi iceberg kyuubi goosefs tensorflowonspark jupyter deltalake clickhouse druid doris kafka kafkamanager starrocks hadoop'.split(
    ' ',
  ),
)

function checkSoftware(
  request: Fields,
  read: CheckedRecord,
  product: ProductTable | undefined,
): ReadonlySet<string> | undefined {
  const items = list(request, 'Software', read, true)
  if (items === undefined) return undefined
  const { notes: it } = read
  if (items.length === 0) it.wrong('no software')
  if (items.length > 100) it.open('more software than there is')
  const chosen = new Set<string>()
  for (const item of items) {
    if (typeof item !== 'string') {
      it.wrong('software that is no text')
      continue
    }
    const match = /^([a-z][a-z0-9_.]*?)(?:-(\d[0-9a-z.]*))?$/.exec(item.trim().toLowerCase())
    const [, name = '', version] = match ?? []
    if (!COMPONENTS.has(name)) {
      if (/spark_|krb/.test(name)) it.open(`${name} may be another name`)
      else it.wrong(`${item} is no component`)
      continue
    }
    if (name === 'hadoop' || name === 'trino' || name === 'prestosql') {
      it.open(`${name} may be another name`)
      continue
    }
    if (chosen.has(name)) it.wrong(`${name} twice`)
    chosen.add(name)
    if (product) checkComponent(product, name, version, it)
  }
  if (product) checkSet(product, chosen, it)
  return chosen
}

function checkComponent(
  product: ProductTable,
  name: string,
  version: string | undefined,
  it: CheckedRecord['notes'],
): void {
  const own = product.mandatory[name] ?? product.optional[name]
  // The tables here are not complete for components that the generator does not use.
  if (own === undefined) return it.open(`${name} is not in this table`)
  if (version !== undefined && version !== own) it.wrong(`${name} is ${own}, not ${version}`)
}

function checkSet(
  product: ProductTable,
  chosen: ReadonlySet<string>,
  it: CheckedRecord['notes'],
): void {
  const missing = Object.keys(product.mandatory).filter((name) => !chosen.has(name))
  if (missing.length === 0) return
  // A bundle or another name may stand for one of them.
  const verdict = it.verdict()
  if (verdict.why.some((why) => why.includes('another name'))) it.open('perhaps not all mandatory')
  else it.wrong(`without ${missing.join(', ')}`)
}

function checkTerm(request: Fields, read: CheckedRecord): boolean {
  const mode = oneOf(request, 'PayMode', { read, needed: true, values: [0, 1] })
  const unit = text(request, 'TimeUnit', read, true)
  const span = integer(request, 'TimeSpan', read, true)
  const { notes: it } = read
  if (unit !== undefined && unit !== 's' && unit !== 'm') it.wrong(`unit ${unit}`)
  if (mode === undefined || unit === undefined || span === undefined) return mode === 1
  if (unit !== (mode === 0 ? 's' : 'm')) it.wrong(`mode ${mode} with unit ${unit}`)
  if (mode === 0 && span !== 3600) it.wrong(`${span} seconds`)
  if (mode === 1 && !months.some((each) => each === span)) it.wrong(`${span} months`)
  return mode === 1
}

function checkName(request: Fields, read: CheckedRecord): void {
  const name = text(request, 'InstanceName', read, true)
  if (name === undefined) return
  const length = [...name].length
  if (length < 6 || length > 36) read.notes.wrong(`a name of ${length}`)
  if (/^[\u4e00-\u9fffA-Za-z0-9_-]*$/.test(name)) return
  if (/[^\p{L}\p{N}_-]/u.test(name)) read.notes.wrong(`a name with other signs`)
  else read.notes.open('letters of another script')
}

function checkLogin(request: Fields, read: CheckedRecord): void {
  const login = record(request, 'LoginSettings', read, {
    needed: true,
    members: ['Password', 'PublicKeyId'],
  })
  if (!login) return
  const password = text(login.fields, 'Password', login.read, false)
  const key = text(login.fields, 'PublicKeyId', login.read, false)
  const { notes: it } = read
  if (password === undefined && key === undefined) return it.wrong('neither password nor key')
  if (password === '' || key === '') it.open('an empty text')
  if (!password && !key?.trim()) it.wrong('neither password nor key')
  if (password && !isStrong(password)) it.wrong('a weak password')
  if (key && !/^skey-[0-9a-z]{8}$/.test(key)) {
    if (/^skey-[0-9a-z]{8}$/.test(key.trim()) || key.trim() === '') it.open('spaces around')
    else it.wrong('a malformed key id')
  }
}

function isStrong(password: string): boolean {
  const kinds = [/[A-Z]/, /[a-z]/, /[0-9]/, /[!@%^*]/]
  return (
    password.length >= 8 &&
    password.length <= 16 &&
    kinds.every((kind) => kind.test(password)) &&
    !/[^A-Za-z0-9!@%^*]/.test(password) &&
    !/^[!@%^*]/.test(password)
  )
}

const known = networkIds()

function checkPlace(request: Fields, read: CheckedRecord): void {
  const { notes: it } = read
  const placement = record(request, 'Placement', read, {
    needed: true,
    members: ['Zone', 'ProjectId'],
  })
  const zone = placement && text(placement.fields, 'Zone', placement.read, true)
  const project = placement && integer(placement.fields, 'ProjectId', placement.read, false)
  if (project !== undefined && project < 0) it.wrong(`project ${project}`)
  if (project !== undefined && project > 2_147_483_647) it.open('a very large project')
  if (zone !== undefined && !zones.some((each) => each === zone)) {
    const perhaps = /^\s*(ap-guangzhou-\d+|\d+)\s*$/.test(zone)
    if (perhaps) it.open(`zone ${zone}`)
    else it.wrong(`zone ${zone}`)
  }
  const settings = record(request, 'VPCSettings', read, {
    needed: true,
    members: ['VpcId', 'SubnetId'],
  })
  const vpc = settings && text(settings.fields, 'VpcId', settings.read, true)
  const subnet = settings && text(settings.fields, 'SubnetId', settings.read, true)
  if (vpc !== undefined && !vpc.trim().startsWith('vpc-')) it.wrong(`VPC ${vpc}`)
  if (subnet !== undefined && !subnet.trim().startsWith('subnet-')) it.wrong(`subnet ${subnet}`)
  const home = known.find((each) => each.subnet === subnet)
  if (!home || !known.some((each) => each.vpc === vpc)) return it.open('an id of unknown place')
  if (home.vpc !== vpc) it.wrong('a subnet of another VPC')
  if (zones.some((each) => each === zone) && home.zone !== zone)
    it.wrong('a subnet of another zone')
}
