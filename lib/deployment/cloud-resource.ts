/** The protocol's context `cloud_resource`; names of providers and platforms are OpenTelemetry's where it has them. */
export interface CloudResource {
  'cloud.provider': string;
  'cloud.platform': string;
  'cloud.region'?: string;
  'host.id'?: string;
}

/** A platform, and the names of the variables that tell where in it this is. */
interface Platform {
  is: (env: NodeJS.ProcessEnv) => unknown;
  provider: string;
  platform: string;
  region?: readonly string[];
  host?: string;
}

const AWS_REGION = ['AWS_REGION', 'AWS_DEFAULT_REGION'] as const;

/** The first that recognizes itself: one that runs on another's comes before it. */
const PLATFORMS: readonly Platform[] = [
  // Their functions run on AWS Lambda.
  { is: (env) => env.VERCEL, provider: 'vercel', platform: 'vercel', region: ['VERCEL_REGION'] },
  {
    is: (env) => env.AWS_LAMBDA_FUNCTION_NAME,
    provider: 'aws',
    platform: 'aws_lambda',
    region: AWS_REGION,
  },
  {
    is: (env) => env.ECS_CONTAINER_METADATA_URI_V4 ?? env.ECS_CONTAINER_METADATA_URI,
    provider: 'aws',
    platform: 'aws_ecs',
    region: AWS_REGION,
  },
  {
    is: (env) => env.GAE_SERVICE,
    provider: 'gcp',
    platform: 'gcp_app_engine',
    host: 'GAE_INSTANCE',
  },
  {
    is: (env) => (env.K_SERVICE && env.FUNCTION_TARGET) || (env.FUNCTION_NAME && env.FUNCTION_REGION),
    provider: 'gcp',
    platform: 'gcp_cloud_functions',
    region: ['FUNCTION_REGION'],
  },
  {
    // Knative has the same variables in any cluster.
    is: (env) => (env.K_SERVICE || env.CLOUD_RUN_JOB) && !env.KUBERNETES_SERVICE_HOST,
    provider: 'gcp',
    platform: 'gcp_cloud_run',
  },
  {
    is: (env) => env.FUNCTIONS_EXTENSION_VERSION && env.WEBSITE_SITE_NAME,
    provider: 'azure',
    platform: 'azure_functions',
    region: ['REGION_NAME'],
    host: 'WEBSITE_INSTANCE_ID',
  },
  {
    is: (env) => env.WEBSITE_SITE_NAME,
    provider: 'azure',
    platform: 'azure_app_service',
    region: ['REGION_NAME'],
    host: 'WEBSITE_INSTANCE_ID',
  },
  {
    is: (env) => env.CONTAINER_APP_NAME,
    provider: 'azure',
    platform: 'azure_container_apps',
    host: 'CONTAINER_APP_REPLICA_NAME',
  },
  {
    is: (env) => env.FLY_APP_NAME,
    provider: 'fly',
    platform: 'fly_machines',
    region: ['FLY_REGION'],
    host: 'FLY_MACHINE_ID',
  },
  {
    is: (env) => env.RAILWAY_ENVIRONMENT_ID ?? env.RAILWAY_PROJECT_ID,
    provider: 'railway',
    platform: 'railway',
    region: ['RAILWAY_REPLICA_REGION'],
    host: 'RAILWAY_REPLICA_ID',
  },
  { is: (env) => env.RENDER, provider: 'render', platform: 'render', host: 'RENDER_INSTANCE_ID' },
  { is: (env) => env.DYNO, provider: 'heroku', platform: 'heroku', host: 'DYNO' },
];

/** Where the app runs, as far as environment variables tell; nobody is asked. No account and no project is named. */
export function cloudResource(env: NodeJS.ProcessEnv): CloudResource | undefined {
  const found = PLATFORMS.find(({ is }) => is(env));
  if (!found) return undefined;
  const region = found.region?.map((name) => env[name]).find(Boolean);
  const host = found.host === undefined ? undefined : env[found.host];
  return {
    'cloud.provider': found.provider,
    'cloud.platform': found.platform,
    ...(region && { 'cloud.region': region }),
    ...(host && { 'host.id': host }),
  };
}
