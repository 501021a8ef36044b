/** The log of all instances, merged: follow, pause, search, levels, a link to a line, a file to keep. */

import type { ComponentPageView } from '@beluga/contract/console-schema';
import { Button, FormSelect, FormSelectOption, SearchInput, Switch, ToggleGroup, ToggleGroupItem } from '@patternfly/react-core';
import { DownloadIcon, PauseIcon, PlayIcon } from '@patternfly/react-icons';
import { getRouteApi } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { download } from '../../parts/download.ts';
import { CommandLine, Empty } from '../../parts/empty.tsx';
import { FailureAlert } from '../../parts/failure.tsx';
import { EnvironmentChoice, useEnvironment } from './environment-choice.tsx';
import { type Level, type Line, levels, useLogLines } from './log-lines.ts';
import { LogView } from './log-view.tsx';

const route = getRouteApi('/components/$component');

export function Logs({ page }: { readonly page: ComponentPageView }) {
  const { t } = useTranslation();
  const environment = useEnvironment(page);
  const { previous } = route.useSearch();
  if (environment === null) return <Empty title={t('component.nowhere')} />;
  return <Log key={`${environment} ${previous}`} page={page} environment={environment} />;
}

function Log({ page, environment }: { readonly page: ComponentPageView; readonly environment: string }) {
  const { t } = useTranslation();
  const component = page.component.name;
  const { instance, since, line, previous } = route.useSearch();
  const [words, setWords] = useState('');
  const [shown, show] = useState<ReadonlySet<Level>>(new Set(levels));
  const [paused, pause] = useState(line !== undefined);
  const { lines, state, error, again } = useLogLines({
    ...{ component, environment, instance, since, previous: previous !== undefined },
    line: line !== undefined && /^\d+$/.test(line) ? Number(line) : undefined,
  });
  const frozen = useFrozen(lines, paused);
  const fitting = useMemo(() => {
    const text = words.toLowerCase();
    return frozen.filter((one) => shown.has(one.level) && (text === '' || one.text.toLowerCase().includes(text)));
  }, [frozen, words, shown]);
  const command = `beluga logs ${component} --env ${environment}${previous === undefined ? ' --follow' : ''}${instance === undefined ? '' : ` --instance ${instance}`}${previous === undefined ? '' : ' --previous'}`;
  return (
    <>
      <div className="tab-tools">
        <EnvironmentChoice page={page} chosen={environment} />
        <InstanceChoice lines={lines} />
        <Former />
        <SearchInput
          aria-label={t('logs.search')}
          placeholder={t('logs.search')}
          value={words}
          onChange={(_, value) => setWords(value)}
          onClear={() => setWords('')}
          {...(words === '' ? {} : { resultsCount: fitting.length })}
          resetButtonLabel={t('act.clear')}
        />
        <Levels shown={shown} show={show} />
        <Button variant="secondary" icon={paused ? <PlayIcon /> : <PauseIcon />} onClick={() => pause(!paused)}>
          {paused ? t('logs.resume', { count: lines.length - frozen.length }) : t('logs.pause')}
        </Button>
        <Button
          variant="link"
          icon={<DownloadIcon />}
          onClick={() => download(`${component}.${environment}.log`, fitting.map(written).join('\n'), 'text/plain')}
        >
          {t('logs.download')}
        </Button>
      </div>
      {error === null ? null : <FailureAlert error={error} />}
      <LogView lines={fitting} words={words} target={line} follow={!paused} pause={() => pause(true)} />
      <div className="log-foot">
        <span role="status">{t('logs.count', { count: fitting.length })}</span>
        {state === 'ended' ? (
          <Button variant="link" isInline onClick={again}>
            {t('logs.again')}
          </Button>
        ) : null}
        <CommandLine>{command}</CommandLine>
      </div>
    </>
  );
}

function written({ at, instance, text }: Line): string {
  return `${at} ${instance} ${text}`;
}

/** The lines as they were when the reading was paused. */
function useFrozen(lines: readonly Line[], paused: boolean): readonly Line[] {
  const [kept, keep] = useState<readonly Line[] | null>(null);
  if (paused && kept === null && lines.length > 0) keep(lines);
  if (!paused && kept !== null) keep(null);
  return paused ? (kept ?? lines) : lines;
}

function InstanceChoice({ lines }: { readonly lines: readonly Line[] }) {
  const { t } = useTranslation();
  const { instance = '' } = route.useSearch();
  const navigate = route.useNavigate();
  const names = [...new Set([...(instance === '' ? [] : [instance]), ...lines.map((line) => line.instance)])].toSorted();
  const choose = (chosen: string): void =>
    void navigate({ search: (all) => ({ ...all, instance: chosen === '' ? undefined : chosen, line: undefined }), replace: true });
  return (
    <FormSelect aria-label={t('word.instance')} value={instance} onChange={(_, chosen) => choose(chosen)} className="instance-choice">
      <FormSelectOption value="" label={t('logs.all')} />
      {names.map((name) => (
        <FormSelectOption key={name} value={name} label={name} />
      ))}
    </FormSelect>
  );
}

/** Instances that are gone: of former releases, and runs that ended. */
function Former() {
  const { t } = useTranslation();
  const { previous } = route.useSearch();
  const navigate = route.useNavigate();
  const turn = (former: boolean): void =>
    void navigate({
      search: (all) => ({ ...all, previous: former ? 'yes' : undefined, instance: undefined, line: undefined }),
      replace: true,
    });
  return <Switch id="former" label={t('logs.former')} isChecked={previous !== undefined} onChange={(_, former) => turn(former)} />;
}

function Levels({ shown, show }: { readonly shown: ReadonlySet<Level>; readonly show: (levels: ReadonlySet<Level>) => void }) {
  const { t } = useTranslation();
  const turn = (level: Level): void => {
    const next = new Set(shown);
    if (!next.delete(level)) next.add(level);
    show(next);
  };
  return (
    <ToggleGroup aria-label={t('logs.levels')} isCompact>
      {levels.map((level) => (
        <ToggleGroupItem
          key={level}
          text={t(`level.${level}`)}
          buttonId={`level-${level}`}
          isSelected={shown.has(level)}
          onChange={() => turn(level)}
        />
      ))}
    </ToggleGroup>
  );
}
