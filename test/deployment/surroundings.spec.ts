import { describe, expect, it } from 'vitest';
import { cloudResource } from '../../lib/deployment/cloud-resource';
import { detectEnvironment } from '../../lib/deployment/detect-environment';
import { kubernetesPod } from '../../lib/deployment/kubernetes-pod';

describe('the environment', () => {
  it.each([
    [{ VERCEL_TARGET_ENV: 'qa', VERCEL_ENV: 'preview', NODE_ENV: 'production' }, 'qa'],
    [{ VERCEL_ENV: 'preview', NODE_ENV: 'production' }, 'preview'],
    [{ RAILWAY_ENVIRONMENT_NAME: 'staging', NODE_ENV: 'production' }, 'staging'],
    [{ AZURE_FUNCTIONS_ENVIRONMENT: 'Staging', NODE_ENV: 'production' }, 'Staging'],
    [{ NODE_ENV: ' test ' }, 'test'],
    [{ NODE_ENV: 'none' }, undefined],
    [{ VERCEL_ENV: 'a/b', NODE_ENV: 'test' }, 'test'],
    [{}, undefined],
  ])('of %j is %j', (env, expected) => expect(detectEnvironment(env)).toBe(expected));
});

describe('the cloud', () => {
  it.each<[string, Record<string, string>, Record<string, string>]>([
    [
      'aws',
      { AWS_LAMBDA_FUNCTION_NAME: 'f', AWS_REGION: 'eu-1' },
      { platform: 'aws_lambda', region: 'eu-1' },
    ],
    [
      'aws',
      { ECS_CONTAINER_METADATA_URI_V4: 'http://x', AWS_DEFAULT_REGION: 'eu-1' },
      { platform: 'aws_ecs', region: 'eu-1' },
    ],
    ['gcp', { K_SERVICE: 's', K_REVISION: 's-1' }, { platform: 'gcp_cloud_run' }],
    ['gcp', { CLOUD_RUN_JOB: 'j' }, { platform: 'gcp_cloud_run' }],
    ['gcp', { K_SERVICE: 's', FUNCTION_TARGET: 'f' }, { platform: 'gcp_cloud_functions' }],
    ['gcp', { GAE_SERVICE: 'default', GAE_INSTANCE: 'i' }, { platform: 'gcp_app_engine', host: 'i' }],
    [
      'azure',
      { WEBSITE_SITE_NAME: 's', REGION_NAME: 'West Europe', WEBSITE_INSTANCE_ID: 'i' },
      { platform: 'azure_app_service', region: 'West Europe', host: 'i' },
    ],
    ['azure', { WEBSITE_SITE_NAME: 's', FUNCTIONS_EXTENSION_VERSION: '~4' }, { platform: 'azure_functions' }],
    [
      'azure',
      { CONTAINER_APP_NAME: 's', CONTAINER_APP_REPLICA_NAME: 'r' },
      { platform: 'azure_container_apps', host: 'r' },
    ],
    [
      'fly',
      { FLY_APP_NAME: 's', FLY_REGION: 'ams', FLY_MACHINE_ID: 'm' },
      { platform: 'fly_machines', region: 'ams', host: 'm' },
    ],
    [
      'vercel',
      { VERCEL: '1', VERCEL_REGION: 'fra1', AWS_LAMBDA_FUNCTION_NAME: 'f' },
      { platform: 'vercel', region: 'fra1' },
    ],
    [
      'railway',
      { RAILWAY_ENVIRONMENT_ID: 'e', RAILWAY_REPLICA_REGION: 'r', RAILWAY_REPLICA_ID: 'i' },
      { platform: 'railway', region: 'r', host: 'i' },
    ],
    ['render', { RENDER: 'true', RENDER_INSTANCE_ID: 'i' }, { platform: 'render', host: 'i' }],
    ['heroku', { DYNO: 'web.1' }, { platform: 'heroku', host: 'web.1' }],
  ])('%s is known by %j', (provider, env, { platform, region, host }) => {
    expect(cloudResource(env)).toEqual({
      'cloud.provider': provider,
      'cloud.platform': platform,
      ...(region && { 'cloud.region': region }),
      ...(host && { 'host.id': host }),
    });
  });

  it('is none on a machine that only knows its region, and on Knative in any cluster', () => {
    expect(cloudResource({ AWS_REGION: 'eu-1' })).toBeUndefined();
    expect(cloudResource({ K_SERVICE: 's', KUBERNETES_SERVICE_HOST: '10.0.0.1' })).toBeUndefined();
  });
});

describe('the pod', () => {
  const inCluster = { KUBERNETES_SERVICE_HOST: '10.0.0.1', HOSTNAME: 'shop-1' };

  it('is named by the downward API', () => {
    const env = { ...inCluster, POD_NAME: 'shop-2', POD_NAMESPACE: 'prod', NODE_NAME: 'n1' };
    expect(kubernetesPod(env)).toEqual({ pod_name: 'shop-2', namespace: 'prod', node_name: 'n1' });
  });

  it('is named by the host otherwise, which is the pod', () => {
    expect(kubernetesPod(inCluster)).toEqual({ pod_name: 'shop-1' });
  });

  it('is none outside of a cluster', () => {
    expect(kubernetesPod({ HOSTNAME: 'x', POD_NAME: 'y' })).toBeUndefined();
  });
});
