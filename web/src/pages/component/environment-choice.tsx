/** Which environment a tab shows: in the address, the last one where the component is installed unless said. */

import type { ComponentPageView } from '@beluga/contract/console-schema';
import { ToggleGroup, ToggleGroupItem } from '@patternfly/react-core';
import { getRouteApi } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';

const route = getRouteApi('/components/$component');

/** Null when the component is installed nowhere. */
export function useEnvironment(page: ComponentPageView): string | null {
  const { environment } = route.useSearch();
  const installed = page.stages.filter(({ current }) => current !== null).map((stage) => stage.environment);
  return installed.find((name) => name === environment) ?? installed.at(-1) ?? null;
}

export function EnvironmentChoice({ page, chosen }: { readonly page: ComponentPageView; readonly chosen: string }) {
  const { t } = useTranslation();
  const navigate = route.useNavigate();
  const choose = (environment: string): void =>
    void navigate({
      search: (all) => ({ ...all, environment, instance: undefined, line: undefined, since: undefined, previous: undefined }),
      replace: true,
    });
  return (
    <ToggleGroup aria-label={t('word.environment')} isCompact>
      {page.stages.map(({ environment, current }) => (
        <ToggleGroupItem
          key={environment}
          text={<span translate="no">{environment}</span>}
          buttonId={`environment-${environment}`}
          isSelected={environment === chosen}
          isDisabled={current === null}
          onChange={() => choose(environment)}
        />
      ))}
    </ToggleGroup>
  );
}
