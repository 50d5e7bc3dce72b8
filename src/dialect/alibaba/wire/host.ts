/**
 * The region in a client's endpoint, `starrocks[-suffix].<region>.aliyuncs.com`; empty for any other host, a self-hosted address
 * for instance, which serves every region. Facts: reference alibaba-starrocks.md 1 (endpoint rule).
 */
export function regionOfHost(host: string): string {
  return ENDPOINT.exec(host.toLowerCase())?.[1] ?? ''
}

const ENDPOINT = /^starrocks(?:-[a-z0-9-]+)?\.([a-z0-9-]{1,32})\.aliyuncs\.com(?::\d+)?$/
