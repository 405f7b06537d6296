/** The context `kubernetes`. */
export interface KubernetesPod {
  pod_name?: string;
  namespace?: string;
  node_name?: string;
}

/** How those who pass the downward API's fields on usually name them. */
const VARIABLES = {
  pod_name: ['POD_NAME', 'K8S_POD_NAME', 'KUBERNETES_POD_NAME', 'MY_POD_NAME', 'HOSTNAME'],
  namespace: [
    'POD_NAMESPACE',
    'K8S_NAMESPACE',
    'K8S_POD_NAMESPACE',
    'KUBERNETES_NAMESPACE',
    'MY_POD_NAMESPACE',
  ],
  node_name: ['NODE_NAME', 'K8S_NODE_NAME', 'KUBERNETES_NODE_NAME', 'MY_NODE_NAME'],
} as const;

/** The pod the app runs in, as far as environment variables tell; undefined outside of Kubernetes. */
export function kubernetesPod(env: NodeJS.ProcessEnv): KubernetesPod | undefined {
  if (!env.KUBERNETES_SERVICE_HOST) return undefined;
  const pod: KubernetesPod = {};
  for (const field of ['pod_name', 'namespace', 'node_name'] as const) {
    const value = VARIABLES[field].map((name) => env[name]).find(Boolean);
    if (value) pod[field] = value;
  }
  return pod;
}
