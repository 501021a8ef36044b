/** The command palette: things and actions by their names, and the command that does the same. */
import { Modal, ModalBody, ModalFooter, ModalHeader, TextInput } from '@patternfly/react-core';
import { useQuery } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { type KeyboardEvent, useId, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { componentsQuery, sessionQuery, soclesQuery, trainsQuery } from '../queries.ts';
import { CommandLine } from './empty.tsx';
import { type Entry, entriesFor } from './palette-entries.ts';

const shown = 12;

/** `stop` asks for the stop button. */
export function Palette({ close, stop }: { readonly close: () => void; readonly stop: () => void }) {
  const { t } = useTranslation();
  const [words, setWords] = useState('');
  const [chosen, choose] = useState(0);
  const list = useId();
  const entries = useEntries(words, stop);
  const go = useGo(close);
  const entry = entries[chosen];
  const press = (event: KeyboardEvent): void => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (event.key === 'Enter' && entry !== undefined) go(entry);
    if (step === 0) return;
    event.preventDefault();
    choose((now) => (now + step + entries.length) % Math.max(1, entries.length));
  };
  const type = (value: string): void => {
    setWords(value);
    choose(0);
  };
  return (
    <Modal
      isOpen
      variant="small"
      position="top"
      onClose={close}
      aria-label={t('palette.title')}
      className="palette"
      elementToFocus="#palette-words"
    >
      <ModalHeader title={t('palette.title')} />
      <ModalBody>
        <TextInput
          id="palette-words"
          ref={focusAtOnce}
          type="search"
          role="combobox"
          aria-expanded
          aria-controls={list}
          aria-activedescendant={entry === undefined ? undefined : `${list}-${chosen}`}
          aria-label={t('palette.words')}
          placeholder={t('palette.words')}
          autoComplete="off"
          value={words}
          onChange={(_, value) => type(value)}
          onKeyDown={press}
        />
        <div role="listbox" id={list} aria-label={t('palette.found')} className="palette-list">
          {entries.map((one, index) => (
            <Option
              key={one.key}
              entry={one}
              id={`${list}-${index}`}
              chosen={index === chosen}
              hover={() => choose(index)}
              go={() => go(one)}
            />
          ))}
        </div>
        {entries.length === 0 ? <p role="status">{t('palette.nothing')}</p> : null}
      </ModalBody>
      <ModalFooter className="palette-foot">
        <span>{t('palette.cli')}</span>
        {entry === undefined || entry.cli === null ? <span>{t('palette.noCli')}</span> : <CommandLine>{entry.cli}</CommandLine>}
      </ModalFooter>
    </Modal>
  );
}

/** The dialog gives the focus a moment after it opens: what somebody types meanwhile would be lost. */
function focusAtOnce(input: HTMLInputElement | null): void {
  input?.focus();
}

type OptionProps = {
  readonly entry: Entry;
  readonly id: string;
  readonly chosen: boolean;
  readonly hover: () => void;
  readonly go: () => void;
};

function Option({ entry, id, chosen, hover, go }: OptionProps) {
  return (
    <div
      role="option"
      id={id}
      aria-selected={chosen}
      tabIndex={-1}
      className="palette-option"
      onMouseMove={hover}
      onClick={go}
      onKeyDown={() => undefined}
    >
      <span>{entry.words}</span>
      <small>{entry.kind}</small>
    </div>
  );
}

function useEntries(words: string, stop: () => void): readonly Entry[] {
  const { t } = useTranslation();
  const components = useQuery(componentsQuery).data?.items;
  const trains = useQuery(trainsQuery).data?.items;
  const socles = useQuery(soclesQuery).data?.items;
  const stages = useQuery(sessionQuery).data?.environments;
  return useMemo(() => {
    const known = { components: components ?? [], trains: trains ?? [], socles: socles ?? [], stages: stages ?? [] };
    return entriesFor(words, known, { stop }, t).slice(0, shown);
  }, [words, components, trains, socles, stages, stop, t]);
}

function useGo(close: () => void): (entry: Entry) => void {
  const router = useRouter();
  return (entry) => {
    close();
    if ('href' in entry) void router.navigate({ href: entry.href });
    else entry.act();
  };
}
