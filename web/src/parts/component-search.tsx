/** A filter by the name of a component, written by hand. */
import { SearchInput, ToolbarItem } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';

type Props = { readonly value: string | undefined; readonly change: (value: string | undefined) => void };

export function ComponentSearch({ value = '', change }: Props) {
  const { t } = useTranslation();
  return (
    <ToolbarItem>
      <SearchInput
        aria-label={t('word.component')}
        placeholder={t('word.component')}
        value={value}
        onChange={(_, text) => change(text === '' ? undefined : text)}
        onClear={() => change(undefined)}
        resetButtonLabel={t('act.clear')}
      />
    </ToolbarItem>
  );
}

/** Whether somebody may be called so: what is still being written is not asked for. */
export function isComponentName(text: string): boolean {
  return /^[a-z][a-z0-9-]{0,39}$/.test(text);
}
