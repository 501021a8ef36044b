/** A filter that is chosen from a list; nothing chosen is everything. */
import { FormSelect, FormSelectOption, ToolbarItem } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';
import { useEnvironments, useSystems } from '../queries.ts';

export type Option = { readonly value: string; readonly words: string };
type Props = {
  readonly label: string;
  readonly value: string | undefined;
  readonly options: readonly (string | Option)[];
  readonly change: (value: string | undefined) => void;
  /** What is shown where nothing is chosen; the label unless said. Null: something always is. */
  readonly none?: string | null;
};

export function Choice({ label, value = '', options, change, none = label }: Props) {
  return (
    <ToolbarItem>
      <FormSelect
        aria-label={label}
        value={value}
        onChange={(_, chosen) => change(chosen === '' ? undefined : chosen)}
        className={value === '' ? '' : 'chosen'}
      >
        {none === null ? null : <FormSelectOption value="" label={none} />}
        {options.map((option) => {
          const { value: key, words } = typeof option === 'string' ? { value: option, words: option } : option;
          return <FormSelectOption key={key} value={key} label={words} />;
        })}
      </FormSelect>
    </ToolbarItem>
  );
}

type NamedProps = Pick<Props, 'value' | 'change' | 'none'>;

export function EnvironmentChoice(props: NamedProps) {
  const { t } = useTranslation();
  return <Choice label={t('filter.environment')} options={useEnvironments()} {...props} />;
}

export function SystemChoice(props: NamedProps) {
  const { t } = useTranslation();
  return <Choice label={t('filter.system')} options={useSystems()} {...props} />;
}
