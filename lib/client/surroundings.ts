import { appManifest } from '../deployment/app-manifest';
import { cloudResource } from '../deployment/cloud-resource';
import { kubernetesPod } from '../deployment/kubernetes-pod';
import { deviceContexts } from '../event/device-contexts';
import type { ClientEnvironment } from './client-environment';

type Contexts = Record<string, Record<string, unknown>>;

/** Where the app runs: contexts of every event. What does not change is found out with the first one. */
export class Surroundings {
  private found?: Contexts;

  constructor(private readonly environment: Pick<ClientEnvironment, 'env' | 'root'>) {}

  /** The machine, the app by its package.json, cloud and pod by environment variables; by context. The caller's own. */
  contexts(): Contexts {
    const found = (this.found ??= this.find());
    const contexts: Contexts = {};
    for (const [name, context] of Object.entries(machine())) contexts[name] = { ...context };
    for (const [name, context] of Object.entries(found)) {
      contexts[name] = Object.assign(contexts[name] ?? {}, context);
    }
    return contexts;
  }

  private find(): Contexts {
    const { env, root } = this.environment;
    const manifest = appManifest(root);
    const cloud = cloudResource(env);
    const pod = kubernetesPod(env);
    return {
      app: {
        ...(manifest && { app_name: manifest.name }),
        ...(manifest?.version !== undefined && { app_version: manifest.version }),
      },
      ...(cloud && { cloud_resource: { ...cloud } }),
      ...(pod && { kubernetes: { ...pod } }),
    };
  }
}

/** A system that does not tell its memory, as one without `/proc`, costs the contexts of the machine and no event. */
function machine(): Contexts {
  try {
    return deviceContexts();
  } catch {
    return {};
  }
}
