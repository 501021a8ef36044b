/** What stands around every page: the masthead, the navigation, the palette, and how fresh everything is. */
import {
  Button,
  Masthead,
  MastheadBrand,
  MastheadContent,
  MastheadMain,
  MastheadToggle,
  Nav,
  NavGroup,
  Page,
  PageSidebar,
  PageSidebarBody,
  PageToggleButton,
  SkipToContent,
} from '@patternfly/react-core';
import { BarsIcon, MoonIcon, SearchIcon, SunIcon } from '@patternfly/react-icons';
import { Link, Outlet, useLocation } from '@tanstack/react-router';
import { type MouseEvent, useEffect, useEffectEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { speak } from '../i18n.ts';
import { useLive } from '../live.ts';
import { chosenTheme, keepTheme } from '../preferences.ts';
import { Palette } from './palette.tsx';
import { type Place, places } from './places.ts';
import { StopBanner, StopButton, StopDialog } from './stop-button.tsx';
import { absolute } from './time.tsx';

export function Shell() {
  const { t } = useTranslation();
  const [palette, setPalette] = useState(false);
  const [stopping, setStopping] = useState(false);
  usePaletteKey(() => setPalette(true));
  useFocusOnNewPage();
  const skip = (event: MouseEvent): void => {
    event.preventDefault();
    document.getElementById('main')?.focus();
  };
  return (
    <>
      <Page
        masthead={<Head openPalette={() => setPalette(true)} stop={() => setStopping(true)} />}
        sidebar={<Side />}
        isManagedSidebar
        mainContainerId="main"
        mainTabIndex={-1}
        mainAriaLabel={t('shell.main')}
        skipToContent={
          <SkipToContent href="#main" onClick={skip}>
            {t('shell.skip')}
          </SkipToContent>
        }
      >
        <StopBanner />
        <Outlet />
      </Page>
      {palette ? <Palette close={() => setPalette(false)} stop={() => setStopping(true)} /> : null}
      {stopping ? <StopDialog close={() => setStopping(false)} /> : null}
    </>
  );
}

function usePaletteKey(open: () => void): void {
  const press = useEffectEvent((event: KeyboardEvent): void => {
    if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    open();
  });
  useEffect(() => {
    const pressed = (event: KeyboardEvent): void => press(event);
    addEventListener('keydown', pressed);
    return () => removeEventListener('keydown', pressed);
  }, []);
}

/** A new page begins at its content for whoever uses the keyboard or listens, as a loaded one would. */
function useFocusOnNewPage(): void {
  const { pathname } = useLocation();
  const first = useRef(true);
  useEffect(() => {
    if (!first.current) document.getElementById('main')?.focus({ preventScroll: true });
    first.current = false;
  }, [pathname]);
}

function Head({ openPalette, stop }: { readonly openPalette: () => void; readonly stop: () => void }) {
  const { t } = useTranslation();
  return (
    <Masthead display={{ default: 'inline' }}>
      <MastheadMain>
        <MastheadToggle>
          <PageToggleButton isHamburgerButton aria-label={t('shell.navigation')} icon={<BarsIcon />} />
        </MastheadToggle>
        <MastheadBrand>
          <Link to="/" className="brand" aria-label={t('product')}>
            <img src="/beluga.svg" alt="" width="32" height="32" />
            <span translate="no" className="wide">
              {t('product')}
            </span>
          </Link>
        </MastheadBrand>
      </MastheadMain>
      <MastheadContent>
        <div className="head-tools">
          <Button
            variant="secondary"
            icon={<SearchIcon />}
            onClick={openPalette}
            className="palette-button"
            aria-keyshortcuts="Control+K Meta+K"
          >
            <span className="palette-words">{t('palette.open')}</span>
            <kbd translate="no" className="wide">
              {t('palette.key')}
            </kbd>
          </Button>
          <Freshness />
          <StopButton ask={stop} />
          <QuickSwitches />
        </div>
      </MastheadContent>
    </Masthead>
  );
}

function Freshness() {
  const { t, i18n } = useTranslation();
  const { state, at } = useLive();
  const time = new Date(at).toLocaleTimeString(i18n.language);
  return (
    <span className={`freshness freshness-${state}`} role="status" aria-live="off" title={absolute(at, i18n.language)} data-live={state}>
      <span className="dot" aria-hidden="true" />
      <span className="freshness-words">{t(state === 'live' ? 'shell.live' : 'shell.away', { time })}</span>
    </span>
  );
}

function QuickSwitches() {
  const { t, i18n } = useTranslation();
  const [, redraw] = useState(0);
  const other = i18n.language === 'fr' ? 'en' : 'fr';
  const theme = chosenTheme();
  const dark = theme === 'dark' || (theme === 'system' && matchMedia('(prefers-color-scheme: dark)').matches);
  const turn = (): void => {
    keepTheme(dark ? 'light' : 'dark');
    redraw((count) => count + 1);
  };
  return (
    <span className="wide">
      <Button variant="plain" aria-label={t(dark ? 'shell.light' : 'shell.dark')} icon={dark ? <SunIcon /> : <MoonIcon />} onClick={turn} />
      <Button variant="plain" onClick={() => void speak(other)} lang={other}>
        {t(`language.${other}`)}
      </Button>
    </span>
  );
}

function Side() {
  const { t } = useTranslation();
  const groups = [...Map.groupBy(places, (place) => place.group)];
  return (
    <PageSidebar>
      <PageSidebarBody>
        <Nav aria-label={t('shell.navigation')}>
          {groups.map(([group, items]) => (
            <NavGroup key={group} title={t(`nav.${group}`)}>
              {items.map((place) => (
                <NavLink key={place.to} place={place} />
              ))}
            </NavGroup>
          ))}
        </Nav>
      </PageSidebarBody>
    </PageSidebar>
  );
}

function NavLink({ place }: { readonly place: Place }) {
  const { t } = useTranslation();
  const { pathname } = useLocation();
  const here = place.to === '/' ? pathname === '/' || pathname.startsWith('/components') : pathname.startsWith(place.to);
  return (
    <li className="pf-v6-c-nav__item">
      <Link to={place.to} className={`pf-v6-c-nav__link${here ? ' pf-m-current' : ''}`} aria-current={here ? 'page' : undefined}>
        <span className="pf-v6-c-nav__link-text">{t(`page.${place.name}`)}</span>
      </Link>
    </li>
  );
}
