/**
 * Judges a CreateInstanceV1 by the documents alone (reference: alibaba-starrocks.md 4.1 members, 4.2 node groups, 4.3 rules across
 * members X1 to X14, 10 for what sources contradict each other about).
 */
import { checkGroups } from './checker-alibaba-group.ts'
import {
  boolean,
  choice,
  fieldsOf,
  form,
  integer,
  list,
  text,
  type CheckedRecord,
} from './checker-alibaba-type.ts'
import { networks } from './valid-alibaba.ts'
import { isObject, notes, type Verdict } from './verdict.ts'

export function judgeAlibaba(request: unknown): Verdict {
  const it = notes()
  if (!isObject(request)) {
    it.wrong('the request is no object')
    return it.verdict()
  }
  const read = fieldsOf(request, '', it)
  const region = text(read, 'RegionId', true)
  if (region !== undefined && region !== 'cn-hangzhou') {
    if (/^(cn|ap|us|eu|me|na)-[a-z0-9-]+$/.test(region)) it.open(`region ${region}`)
    else it.wrong(`region ${region}`)
  }
  checkName(read)
  checkPassword(read)
  const version = text(read, 'Version', true)
  if (version !== undefined && !['2.5', '3', '3.2', '3.3'].includes(version)) {
    if (/^\d+(\.\d+)*$/.test(version)) it.open(`version ${version}`)
    else it.wrong(`version ${version}`)
  }
  const edition = choice(read, 'PackageType', { needed: true, values: ['trial', 'official'] })
  if (edition === 'trial') it.open('a trial')
  const mode = choice(read, 'RunMode', { needed: true, values: ['shared_nothing', 'shared_data'] })
  checkTerm(read)
  const zone = checkPlace(read)
  checkGroups(read, { zone, mode, official: edition === 'official' })
  checkOptions(read)
  checkBindings(read)
  checkTags(read)
  return it.verdict()
}

function checkName(read: CheckedRecord): void {
  const name = text(read, 'InstanceName', true)
  if (name === undefined) return
  if ([...name].length > 64) read.notes.wrong('a long name')
  if (/[^\p{L}\p{N}_-]/u.test(name)) {
    if (/^[\p{L}\p{N}\p{M}_-]*$/u.test(name)) read.notes.open('marks in a name')
    else read.notes.wrong('a name with other signs')
  }
}

function checkPassword(read: CheckedRecord): void {
  const password = text(read, 'AdminPassword', true)
  if (password === undefined) return
  const kinds = [/[A-Z]/, /[a-z]/, /[0-9]/, /[@#$%^*_+.-]/].filter((kind) => kind.test(password))
  if (kinds.length < 3) read.notes.wrong('a weak password')
  if (password.length < 8 || password.length > 30) read.notes.wrong('a password of another length')
  if (/[^A-Za-z0-9@#$%^*_+.-]/.test(password)) read.notes.wrong('a password with other signs')
}

const MONTHS = [1, 2, 3, 6, 12, 24, 36, 48, 60]

function checkTerm(read: CheckedRecord): void {
  const { notes: it } = read
  const pay = text(read, 'PayType', true)?.toLowerCase()
  if (pay !== undefined && pay !== 'prepaid' && pay !== 'postpaid') it.wrong(`pay type ${pay}`)
  const cycle = text(read, 'PricingCycle', false)
  const duration = integer(read, 'Duration', false)
  for (const name of ['AutoRenew', 'AutoPay']) boolean(read, name)
  if (pay === 'postpaid') {
    if (duration !== undefined && duration < 0) it.open('a duration without meaning')
    if (duration !== undefined && duration > 60) it.open('a duration without meaning')
    if (cycle !== undefined && cycle.length > 64) it.open('a long cycle')
    return
  }
  if (pay !== 'prepaid') return
  if (cycle === undefined) it.wrong('a subscription without a cycle')
  else if (cycle !== 'Month' && cycle !== 'Year') {
    if (/^(month|year)$/i.test(cycle)) it.open(`cycle ${cycle}`)
    else it.wrong(`cycle ${cycle}`)
  }
  if (duration === undefined) it.wrong('a subscription without a duration')
  else if (cycle === 'Month' && !MONTHS.includes(duration)) {
    if (duration < 1 || duration > 60) it.wrong(`${duration} months`)
    else it.open(`${duration} months`)
  } else if (duration < 1) it.wrong(`duration ${duration}`)
  else if (cycle !== 'Month') it.open(`${duration} of another cycle`)
}

/** The primary zone. */
function checkPlace(read: CheckedRecord): string | undefined {
  const { notes: it } = read
  const zone = text(read, 'ZoneId', true)
  if (zone !== undefined && zone !== 'cn-hangzhou-i') {
    if (/^cn-hangzhou-[a-z]$/.test(zone)) it.open(`zone ${zone}`)
    else if (text(read, 'RegionId', false) === 'cn-hangzhou') it.wrong(`zone ${zone}`)
    else it.open(`zone ${zone}`)
  }
  const vpc = form(read, 'VpcId', true, /^vpc-/)
  const network = networks.find((each) => each.vpc === vpc)
  if (!network) it.open('a VPC of unknown place')
  const switches = list(read, 'VSwitches', false) ?? []
  const zones: string[] = []
  for (const [index, each] of switches.entries()) {
    if (!isObject(each)) {
      it.wrong(`vSwitch ${index} is no object`)
      continue
    }
    const inner = fieldsOf(each, `VSwitches.${index}.`, it)
    const id = form(inner, 'VswId', true, /^vsw-/)
    const at = text(inner, 'ZoneId', false)
    if (at !== undefined) zones.push(at)
    if (at !== undefined && !/^cn-hangzhou-[a-z]$/.test(at)) {
      if (text(read, 'RegionId', false) === 'cn-hangzhou') it.wrong(`vSwitch in zone ${at}`)
      else it.open('a vSwitch of another region')
    }
    const home = networks.find((one) => Object.values(one.switches).some((own) => own === id))
    if (!home) it.open('a vSwitch of unknown place')
    else if (network && home !== network) it.wrong('a vSwitch of another VPC')
    else if (network && at !== undefined && home.switches[at] !== id)
      it.wrong('a vSwitch of another zone')
    if (at === undefined) it.open('a vSwitch without zone')
  }
  if (zone !== undefined && zones.length > 0 && !zones.includes(zone))
    it.wrong('no vSwitch in the primary zone')
  if (switches.length === 0) it.open('no vSwitch')
  if (switches.length > 2) it.open('many vSwitches')
  return zone
}

function checkOptions(read: CheckedRecord): void {
  const { notes: it } = read
  form(read, 'ResourceGroupId', false, /^rg-/)
  const group = text(read, 'ResourceGroupId', false)
  if (group !== undefined && group !== 'rg-fuzz1') it.open('another resource group')
  const role = text(read, 'OssAccessingRoleName', false)
  if (role !== undefined && role !== 'AliyunEMRStarRocksAccessingOSSRole') it.open('another role')
  const token = text(read, 'ClientToken', false)
  if (token !== undefined) {
    // eslint-disable-next-line no-control-regex -- what the rule is about
    if (token.length > 64 || /[^\x00-\x7f]/.test(token)) it.wrong('a malformed token')
    else if (!/^fuzz-[\w-]+$/.test(token)) it.open('a token that may have been used')
  }
  const coupon = text(read, 'PromotionOptionNo', false)
  if (coupon !== undefined && coupon !== '123') it.open('another coupon')
  const key = text(read, 'KmsKeyId', false)
  if (key !== undefined && key !== 'key-fuzz') it.open('another key')
  if (boolean(read, 'Encrypted') === true && key === undefined) it.wrong('encrypted without a key')
  for (const name of ['EnableMultiAz', 'EnableAiFunction'])
    if (boolean(read, name) !== undefined) it.open(`${name} came later`)
  choice(read, 'GatewayType', { needed: false, values: ['Slb', 'Privatezone'], anyCase: true })
  const agent = read.fields.get('agentnodegroup')
  if (agent === undefined) return
  if (!isObject(agent)) {
    if (typeof agent === 'string') it.open('an object as text')
    else it.wrong('an agent that is no object')
    return
  }
  const cu = integer(fieldsOf(agent, 'AgentNodeGroup.', it), 'cu', false)
  if (cu !== undefined && cu < 0) it.wrong(`an agent of ${cu}`)
  else if (cu !== 1 && cu !== 2) it.open('an agent of another size')
}

function checkBindings(read: CheckedRecord): void {
  const { notes: it } = read
  const principal = ['LinkedRamUserName', 'PrincipalType', 'RamUserId'].map((name) =>
    text(read, name, false),
  )
  const given = principal.filter((each) => each !== undefined).length
  if (given !== 0 && given !== 3) it.wrong('half a principal')
  if (principal.some((each) => (each?.length ?? 0) > 64)) it.open('a long principal')
  if (/[^\w.@-]/.test(principal[0] ?? '')) it.wrong('a principal that cannot be a user')
  choice(read, 'PrincipalType', { needed: false, values: ['RS', 'RR'] })
  const type = choice(read, 'DlfCatalogType', { needed: false, values: ['paimon', 'iceberg'] })
  const name = text(read, 'DlfCatalogName', false)
  if (type !== undefined && name === undefined) it.wrong('a catalog type without its name')
  if (/\W|^\d|^default_catalog$/.test(name ?? '')) it.wrong('a name that no catalog has')
  else if (name !== undefined && name !== 'lake') it.open('another catalog')
}

function checkTags(read: CheckedRecord): void {
  const { notes: it } = read
  const tags = list(read, 'Tags', false) ?? []
  if (tags.length > 20) it.wrong(`${tags.length} tags`)
  const seen = new Set<string>()
  for (const [index, tag] of tags.entries()) {
    if (!isObject(tag)) {
      it.wrong(`tag ${index} is no object`)
      continue
    }
    const inner = fieldsOf(tag, `Tags.${index}.`, it)
    const key = text(inner, 'Key', false)
    const value = text(inner, 'Value', false)
    if (key === undefined) {
      it.open('a tag without key')
      continue
    }
    if (seen.has(key)) it.wrong(`tag ${key} twice`)
    seen.add(key)
    for (const word of [key, value ?? '']) {
      if ([...word].length > 128) it.wrong('a long tag')
      if (/https?:\/\//.test(word)) it.wrong('an address in a tag')
    }
    if (/^(aliyun|acs:)/.test(key)) it.wrong(`tag ${key} is reserved`)
  }
}
