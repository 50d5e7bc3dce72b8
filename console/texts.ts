/** Every text of the console, in both languages: English first. Words of the clouds and of the core are shown as they come. */
import { chosen } from './choice.ts'

const texts = {
  'nav.skip': ['Skip to the content', '跳到内容'],
  'nav.main': ['Pages', '页面'],
  'nav.overview': ['Overview', '概览'],
  'nav.clusters': ['Clusters', '集群'],
  'nav.signOut': ['Sign out', '退出'],
  'nav.language': ['中文', 'English'],
  'nav.theme': ['Theme', '主题'],
  'theme.system': ['as the system', '跟随系统'],
  'theme.light': ['light', '浅色'],
  'theme.dark': ['dark', '深色'],
  'live.away': ['The server does not answer; trying again …', '服务器没有应答，正在重试……'],
  'signIn.title': ['Sign in', '登录'],
  'signIn.with': ['With', '使用'],
  'signIn.token': ['Admin token', '管理令牌'],
  'signIn.tokenHint': [
    'It stands in the file admin-token of the data directory.',
    '它在数据目录的 admin-token 文件中。',
  ],
  'signIn.alibaba': ['Alibaba Cloud access key', '阿里云访问密钥'],
  'signIn.tencent': ['Tencent Cloud access key', '腾讯云访问密钥'],
  'signIn.keyId': ['Key id', '密钥 ID'],
  'signIn.secret': ['Secret', '密钥'],
  'signIn.go': ['Sign in', '登录'],
  'signIn.ended': ['The session has ended. Sign in again.', '会话已结束，请重新登录。'],
  'who.administrator': ['Administrator', '管理员'],
  'common.loading': ['Loading …', '加载中……'],
  'common.none': ['None', '无'],
  'common.copy': ['Copy', '复制'],
  'common.copied': ['Copied', '已复制'],
  'common.denied': ['Your policies do not allow this.', '您的策略不允许查看。'],
  'common.hidden': ['hidden', '已隐藏'],
  'overview.title': ['Overview', '概览'],
  'overview.states': ['Clusters by state', '按状态统计的集群'],
  'overview.noClusters': ['There are no clusters.', '还没有集群。'],
  'overview.running': ['Running changes', '正在进行的变更'],
  'overview.nothingRuns': ['Nothing is being changed.', '没有正在进行的变更。'],
  'overview.attention': ['Needs attention', '需要处理'],
  'overview.allWell': ['Nothing needs attention.', '没有需要处理的事项。'],
  'overview.quotas': ['Quotas', '配额'],
  'overview.spend': ['Spend of the month', '本月费用'],
  'overview.noSpend': ['Nothing was charged this month.', '本月没有费用。'],
  'overview.spendPart': ['of the latest charges only', '仅统计最近的费用'],
  'overview.more': ['{0} in all', '共 {0} 个'],
  'next.impaired': [
    'It is being started again by itself. Its log says why it did not answer.',
    '正在自动重新启动。其日志说明了没有应答的原因。',
  ],
  'next.failed': [
    'It cannot come to be. Release it and create another one.',
    '无法创建成功，请释放后重新创建。',
  ],
  'next.unpaid': ['Pay its order, or cancel it.', '请支付或取消其订单。'],
  'next.suspended': ['Pay what is owed; it resumes then.', '请支付欠款，之后会自动恢复。'],
  'next.isolated': ['Renew it, or it is released.', '请续费，否则将被释放。'],
  'next.release': ['Released {0}.', '{0} 释放。'],
  'state.unpaid': ['unpaid', '待支付'],
  'state.creating': ['creating', '创建中'],
  'state.running': ['running', '运行中'],
  'state.changing': ['changing', '变更中'],
  'state.impaired': ['impaired', '异常'],
  'state.failed': ['failed', '失败'],
  'state.suspended': ['suspended', '已停用'],
  'state.resuming': ['resuming', '恢复中'],
  'state.isolated': ['isolated', '已隔离'],
  'state.deleting': ['deleting', '删除中'],
  'state.deleted': ['deleted', '已删除'],
  'clusters.title': ['Clusters', '集群'],
  'clusters.name': ['Name contains', '名称包含'],
  'clusters.state': ['State', '状态'],
  'clusters.anyState': ['any', '全部'],
  'clusters.region': ['Region', '地域'],
  'clusters.count': ['{0} clusters', '{0} 个集群'],
  'clusters.list': ['Clusters', '集群列表'],
  'column.name': ['Name', '名称'],
  'column.id': ['Id', 'ID'],
  'column.state': ['State', '状态'],
  'column.product': ['Product', '产品'],
  'column.version': ['Version', '版本'],
  'column.region': ['Region', '地域'],
  'column.nodes': ['Nodes ready', '就绪节点'],
  'column.created': ['Created', '创建时间'],
  'column.account': ['Account', '账号'],
  'column.status': ['Status', '状态'],
  'column.amount': ['Amount', '金额'],
  'column.used': ['Charged so far', '已计费'],
  'column.size': ['Size', '大小'],
  'column.started': ['Started', '开始时间'],
  'column.key': ['Setting', '配置项'],
  'column.value': ['Value', '值'],
  'cluster.since': ['since {0}', '自 {0}'],
  'cluster.nodes': ['Nodes', '节点'],
  'cluster.size': ['{0} cores, {1} GiB', '{0} 核，{1} GiB'],
  'cluster.ready': ['ready', '就绪'],
  'cluster.notReady': ['not ready', '未就绪'],
  'cluster.endpoints': ['Endpoints', '连接地址'],
  'cluster.noEndpoints': [
    'Nothing answers now: endpoints are there while a cluster really runs.',
    '当前没有可用的连接地址：集群真正运行时才有。',
  ],
  'cluster.timeline': ['Timeline', '时间线'],
  'cluster.change': ['Change under way', '正在进行的变更'],
  'cluster.reverting': ['It goes back to what was before: {0}', '正在回退：{0}'],
  'cluster.steps': ['Steps', '步骤'],
  'cluster.incidents': ['Incidents', '事件'],
  'cluster.over': ['over', '已结束'],
  'cluster.open': ['open', '未结束'],
  'cluster.configuration': ['Configuration', '配置'],
  'cluster.backups': ['Backups', '备份'],
  'cluster.log': ['Log', '日志'],
  'cluster.noLog': [
    'It has no log here: nothing of it runs on this machine.',
    '这里没有日志：它没有在本机运行。',
  ],
  'cluster.follow': ['Follow', '跟随'],
  'cluster.cost': ['Cost', '费用'],
  'cluster.hourly': ['{0} {1} an hour', '每小时 {0} {1}'],
  'cluster.facts': ['Facts', '基本信息'],
  'cluster.substrate': ['Runs on', '运行于'],
  'cluster.charge': ['Charge', '计费方式'],
  'cluster.tags': ['Tags', '标签'],
  'charge.postpaid': ['pay as you go', '按量付费'],
  'charge.prepaid': ['subscription until {0}', '包年包月，至 {0}'],
  'page.unknown': ['There is no such page.', '没有这个页面。'],
} as const satisfies Readonly<Record<string, readonly [en: string, zh: string]>>

export type TextKey = keyof typeof texts

/** The text in the chosen language, with what stands in for `{0}` … */
export function t(key: TextKey, ...values: readonly (string | number)[]): string {
  const [en, zh] = texts[key]
  const text = chosen().language === 'zh' ? zh : en
  return text.replaceAll(/\{(\d)\}/g, (_, at: string) => String(values[Number(at)] ?? ''))
}

/** A word of the core that has a text of its own; others are shown as they are. */
export function word(prefix: string, name: string): string {
  const key = `${prefix}.${name}`
  return key in texts ? t(key as TextKey) : name
}

export function timeText(ms: number): string {
  const language = chosen().language === 'zh' ? 'zh-CN' : 'en-GB'
  return new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'medium' }).format(ms)
}

export function bytesText(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB']
  let at = 0
  let value = bytes
  while (value >= 1024 && at < units.length - 1) {
    value /= 1024
    at++
  }
  return `${at === 0 ? value : value.toFixed(1)} ${units[at]}`
}
