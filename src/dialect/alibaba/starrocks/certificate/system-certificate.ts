/**
 * The certificate that the service makes for an instance: its own authority, for the names and addresses that its frontends have when
 * it is made. Facts: reference alibaba-starrocks.md 6.3, 11.3.
 */
import { routesOf } from '../../../../domain/cluster/access.ts'
import type { Cluster } from '../../../../domain/cluster/cluster.ts'
import { selfSignedCertificate, type Certificate } from '../../../../kernel/certificate.ts'
import type { Clock } from '../../../../kernel/clock.ts'
import { addressOf } from '../gateway/view.ts'
import { accessOf, domainOf, frontendsOf } from '../instance/access.ts'

/** As long as certificates of the cloud's databases live. */
const DAYS = 365
const ORGANISATION = {
  C: 'CN',
  ST: 'CN',
  L: 'BJ',
  O: 'Aliyun',
  OU: 'Aliyun Big Data Platform EMR StarRocks',
}

export function systemCertificate(instance: Cluster, clock: Clock): Promise<Certificate> {
  // Clients judge it by their own clocks, the service by its: it begins by the earlier one.
  const early = { wall: () => Math.min(clock.now(), clock.wall()) }
  const ahead = Math.ceil(Math.max(0, clock.now() - clock.wall()) / 86_400_000)
  const subject = { hosts: hostsOf(instance), days: DAYS + ahead, organisation: ORGANISATION }
  return selfSignedCertificate(subject, early)
}

function hostsOf(instance: Cluster): readonly [string, ...string[]] {
  const routes = routesOf(accessOf(instance), frontendsOf(instance))
  const names = routes.flatMap((route) => [
    addressOf(instance, route, 'internal'),
    ...(route.gateway.open ? [addressOf(instance, route, 'public')] : []),
  ])
  const real = (instance.status.endpoints ?? []).map(({ host }) => host)
  const documented = domainOf(instance, { face: 'fe', kind: 'internal' })
  const others = [domainOf(instance, { face: 'fe', kind: 'public' }), ...names, ...real]
  return [documented, ...new Set(others.filter((host) => host !== documented))]
}
