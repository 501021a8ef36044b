/**
 * A field for a local time: written in the form of the console's language, said again in words below, with the browser's calendar beside it
 * for whoever would rather point.
 */
import { Button, InputGroup, InputGroupItem, TextInput } from '@patternfly/react-core';
import { OutlinedCalendarAltIcon } from '@patternfly/react-icons';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Language } from '../preferences.ts';
import { readMoment, writtenMoment } from './moment.ts';

type Props = {
  readonly id: string;
  /** `2026-11-27T08:00`, or nothing. */
  readonly value: string;
  /** Nothing while what is written is no time. */
  readonly change: (value: string) => void;
  /** Told when the field is left, or at Enter, in place of at each key. */
  readonly late?: boolean;
  readonly isRequired?: boolean;
};

export function MomentField({ id, value, change, late = false, isRequired = false }: Props) {
  const { t, i18n } = useTranslation();
  const language: Language = i18n.language === 'fr' ? 'fr' : 'en';
  const [text, setText] = useState(() => writtenMoment(value, language));
  const read = text.trim() === '' ? '' : readMoment(text, language);
  // What is chosen elsewhere, and another language, are written anew; what somebody is writing stays as it is.
  useEffect(() => {
    setText((before) => ((readMoment(before, language) ?? '') === value ? before : writtenMoment(value, language)));
  }, [value, language]);
  const write = (next: string): void => {
    setText(next);
    if (!late) change(readMoment(next, language) ?? '');
  };
  const finish = (): void => {
    if (read === null) return;
    setText(writtenMoment(read, language));
    if (late && read !== value) change(read);
  };
  return (
    <>
      <InputGroup className="moment">
        <InputGroupItem isFill>
          <TextInput
            id={id}
            value={text}
            placeholder={t('moment.form')}
            autoComplete="off"
            isRequired={isRequired}
            validated={read === null ? 'error' : 'default'}
            aria-describedby={`${id}-words`}
            onChange={(_, next) => write(next)}
            onBlur={finish}
            onKeyDown={(event: KeyboardEvent) => (event.key === 'Enter' && late ? finish() : undefined)}
          />
        </InputGroupItem>
        <InputGroupItem>
          <Pointed value={value} choose={change} />
        </InputGroupItem>
      </InputGroup>
      <small id={`${id}-words`} className={looks[read === null ? 'wrong' : read === '' ? 'empty' : 'read']} aria-live="polite">
        {read === null ? t('moment.wrong', { form: t('moment.form') }) : read === '' ? t('moment.form') : inWords(read, language)}
      </small>
    </>
  );
}

/** While it is empty the field itself shows the form. */
const looks = { wrong: 'moment-wrong', empty: 'pf-v6-screen-reader', read: 'quiet' } as const;

/** The browser's own calendar: its field is not shown, since its form is the browser's. */
function Pointed({ value, choose }: { readonly value: string; readonly choose: (value: string) => void }) {
  const { t } = useTranslation();
  const field = useRef<HTMLInputElement>(null);
  return (
    <span className="moment-pick">
      <Button
        variant="control"
        icon={<OutlinedCalendarAltIcon />}
        aria-label={t('moment.calendar')}
        title={t('moment.calendar')}
        onClick={() => field.current?.showPicker()}
      />
      <input
        ref={field}
        type="datetime-local"
        tabIndex={-1}
        aria-hidden="true"
        value={value}
        onChange={(event) => choose(event.target.value)}
      />
    </span>
  );
}

const formats = new Map<Language, Intl.DateTimeFormat>();

/** With the day of the week, which is what people plan by. */
function inWords(local: string, language: Language): string {
  let format = formats.get(language);
  if (format === undefined) {
    format = new Intl.DateTimeFormat(language === 'fr' ? 'fr' : 'en-GB', { dateStyle: 'full', timeStyle: 'short', timeZone: 'UTC' });
    formats.set(language, format);
  }
  return format.format(new Date(`${local}:00Z`));
}
