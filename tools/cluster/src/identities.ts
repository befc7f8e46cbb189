import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runProgram } from './run-program.ts';

/** Who may speak to the API server. */
export interface Identities {
  /** Of the API server: token, name and groups, a line each. */
  readonly tokens: string;
  readonly serviceAccountKey: string;
  readonly admin: string;
  readonly kubelet: string;
  readonly proxy: string;
}

/** Writes keys and tokens once, and a kubeconfig for each. @param server the API server's URL */
export async function writeIdentities(
  dir: string,
  server: string,
  node: string,
): Promise<Identities> {
  const at = (name: string): string => join(dir, name);
  const serviceAccountKey = at('service-accounts.key');
  const tokens = at('tokens.csv');
  if (!existsSync(tokens)) {
    await runProgram('openssl', ['genrsa', '-out', serviceAccountKey, '2048']);
    const lines = [
      `${token()},admin,admin,system:masters`,
      `${token()},system:node:${node},kubelet,system:nodes`,
      `${token()},system:kube-proxy,proxy`,
    ];
    writeFileSync(tokens, lines.join('\n') + '\n', { mode: 0o600 });
  }
  const users = readFileSync(tokens, 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split(','));
  const kubeconfig = (uid: string): string => {
    const path = at(`${uid}.kubeconfig`);
    const secret = users.find((user) => user[2] === uid)?.[0] ?? '';
    writeFileSync(path, kubeconfigOf(server, secret), { mode: 0o600 });
    return path;
  };
  return {
    tokens,
    serviceAccountKey,
    admin: kubeconfig('admin'),
    kubelet: kubeconfig('kubelet'),
    proxy: kubeconfig('proxy'),
  };
}

/** The certificate with which the API server speaks for its callers to servers behind it, such as metrics-server. */
export async function frontProxy(dir: string): Promise<{ ca: string; key: string; cert: string }> {
  const at = (name: string): string => join(dir, `front-proxy${name}`);
  const made = { ca: at('-ca.crt'), key: at('.key'), cert: at('.crt') };
  if (existsSync(made.cert)) return made;
  const rsa = ['-newkey', 'rsa:2048', '-nodes'];
  const days = ['-days', '30'];
  await runProgram('openssl', [
    ...['req', '-x509', ...rsa, ...days, '-subj', '/CN=front-proxy-ca'],
    ...['-keyout', at('-ca.key'), '-out', made.ca],
  ]);
  await runProgram('openssl', [
    ...['req', ...rsa, '-subj', `/CN=${FRONT_PROXY}`, '-keyout', made.key, '-out', at('.csr')],
  ]);
  writeFileSync(at('.ext'), 'extendedKeyUsage=clientAuth\n');
  await runProgram('openssl', [
    ...['x509', '-req', '-in', at('.csr'), '-CA', made.ca, '-CAkey', at('-ca.key')],
    ...['-CAcreateserial', ...days, '-extfile', at('.ext'), '-out', made.cert],
  ]);
  return made;
}

export const FRONT_PROXY = 'front-proxy-client';

function token(): string {
  return randomBytes(24).toString('hex');
}

function kubeconfigOf(server: string, secret: string): string {
  return `apiVersion: v1
kind: Config
clusters: [{ name: shop, cluster: { server: '${server}', insecure-skip-tls-verify: true } }]
users: [{ name: shop, user: { token: ${secret} } }]
contexts: [{ name: shop, context: { cluster: shop, user: shop } }]
current-context: shop
`;
}
