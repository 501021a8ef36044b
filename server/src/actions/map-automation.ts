/** For each application system, what is automated from infrastructure to operation, from what the platform did. */
import { automationOf, type SystemAutomation } from '../domain/automation/automation.ts';
import type { Context } from './context.ts';

export type { SystemAutomation };

export async function mapAutomation(context: Context, system?: string): Promise<readonly SystemAutomation[]> {
  const { channels, environments } = context.platform;
  const last = context.environments.at(-1) ?? '';
  const facts = await context.store.consoleViews.automation({ last, channels: channels.map(({ name }) => name) });
  const platform = {
    changeAsked: environments.some(({ gates }) => gates.change),
    tellsOf: (of: string) => channels.some(({ systems }) => systems?.includes(of) ?? true),
  };
  return facts.filter((one) => system === undefined || one.system === system).map((one) => automationOf(one, platform));
}
