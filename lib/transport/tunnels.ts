import { globalAgent, type AgentOptions } from 'node:https';
import { TunnelAgent } from './tunnel-agent';

/** The fields of axios's agent that tell of the proxy; the others are options of the user's own agent. */
interface AxiosProxy extends AgentOptions {
  host: string;
  port: number;
  auth?: string;
}

/** How axios marks the agents it makes for tunnels. */
const MARK = 'axios.http.installedTunnel';

/**
 * Stands in for the agents that axios digs tunnels with: those keep the process alive for as long as a proxy does
 * not answer, read whatever it answers, take its refusal for the server's answer, and dig anew for every request.
 *
 * That there is a proxy, and which, is found out by axios. An agent that it did not make is nobody's business.
 */
export class Tunnels {
  readonly #agents = new Map<object, TunnelAgent>();

  /** @returns the agent to use in place of this one, or this one */
  instead<T>(agent: T): T | TunnelAgent {
    if (!isAxiosTunnel(agent)) return agent;
    let tunnel = this.#agents.get(agent);
    if (!tunnel) {
      const { host, port, auth, ...rest } = agent.proxy;
      tunnel = new TunnelAgent({ host, port, auth, isSecure: agent.secureProxy }, optionsOf(rest));
      this.#agents.set(agent, tunnel);
    }
    return tunnel;
  }

  /** Ends all tunnels that are not in use. */
  destroy(): void {
    for (const agent of this.#agents.values()) agent.destroy();
    this.#agents.clear();
  }
}

function isAxiosTunnel(agent: unknown): agent is { proxy: AxiosProxy; secureProxy: boolean } {
  if (typeof agent !== 'object' || agent === null || !('proxy' in agent) || !('secureProxy' in agent))
    return false;
  return Object.getOwnPropertySymbols(agent).some(({ description }) => description === MARK);
}

/** Options of the agent that the user gave; without one, those that requests have without a proxy. */
function optionsOf(rest: AgentOptions & Record<string, unknown>): AgentOptions {
  const { protocol: _protocol, hostname: _hostname, ALPNProtocols: _alpn, ...options } = rest;
  return Object.keys(options).length > 0 ? options : globalAgent.options;
}
