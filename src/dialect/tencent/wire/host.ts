/**
 * The host without its port: `127.0.0.1:8080` → `127.0.0.1`, `[::1]:8080` → `[::1]`. A Host header may literally be
 * `http://127.0.0.1:8080`: Python clients with an `http://` endpoint send and sign that (reference: tencent-emr.md 6.2).
 */
export function withoutPort(host: string): string {
  return host.replace(/:\d{1,5}$/, '')
}
