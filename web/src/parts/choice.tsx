/** A filter that is chosen from a list; nothing chosen is everything. */
import { FormSelect, FormSelectOption, ToolbarItem } from '@patternfly/react-core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { client } from '../api.ts';

type Option = { readonly value: string; readonly words: string };
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

/** The environments in their order; none until they are known. */
export function useEnvironments(): readonly string[] {
  const session = useQuery({ queryKey: ['session'], queryFn: () => client.showSession(), staleTime: Infinity, refetchInterval: false });
  return session.data?.environments ?? [];
}

/** The application systems that have a component. */
export function useSystems(): readonly string[] {
  const components = useQuery({ queryKey: ['components'], queryFn: () => client.listComponents() });
  return [...new Set(components.data?.items.map(({ system }) => system) ?? [])].toSorted();
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
