/** Language, and light or dark. */
import { ToggleGroup, ToggleGroupItem } from '@patternfly/react-core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { speak } from '../i18n.ts';
import { chosenTheme, keepTheme, languages, type Theme, themes } from '../preferences.ts';

export function LanguageSwitch() {
  const { t, i18n } = useTranslation();
  return (
    <ToggleGroup aria-label={t('shell.language')} isCompact>
      {languages.map((language) => (
        <ToggleGroupItem
          key={language}
          text={<span lang={language}>{t(`language.${language}`)}</span>}
          buttonId={`language-${language}`}
          isSelected={i18n.language === language}
          onChange={() => void speak(language)}
        />
      ))}
    </ToggleGroup>
  );
}

export function ThemeSwitch() {
  const { t } = useTranslation();
  const [chosen, choose] = useState<Theme>(chosenTheme());
  return (
    <ToggleGroup aria-label={t('shell.theme')} isCompact>
      {themes.map((theme) => (
        <ToggleGroupItem
          key={theme}
          text={t(`theme.${theme}`)}
          buttonId={`theme-${theme}`}
          isSelected={chosen === theme}
          onChange={() => {
            keepTheme(theme);
            choose(theme);
          }}
        />
      ))}
    </ToggleGroup>
  );
}
