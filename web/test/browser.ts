/** The distribution's Chromium, with an empty profile, that talks to nobody but the platform. */
import { type Browser, type BrowserContext, chromium, type Page, type Route } from 'playwright-core';

const switches = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export function openBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: '/usr/bin/chromium', headless: true, args: switches });
}

export type Look = {
  readonly language?: 'fr' | 'en';
  readonly theme?: 'light' | 'dark';
  readonly width?: number;
  readonly height?: number;
  /** Let the browser fetch the console's files itself: for what is measured. */
  readonly direct?: boolean;
};

/** A browser of its own for one person; everything it asks for must be on `origin`. */
export async function person(
  browser: Browser,
  { language = 'en', theme = 'light', width = 1440, height = 900, direct = false }: Look = {},
): Promise<BrowserContext> {
  const context = await browser.newContext({
    viewport: { width, height },
    locale: language === 'fr' ? 'fr-FR' : 'en-GB',
    timezoneId: 'Europe/Paris',
    colorScheme: theme,
    reducedMotion: 'reduce',
  });
  context.setDefaultTimeout(30_000);
  if (!direct) await context.route('**/*', throughNode);
  return context;
}

const files: readonly string[] = ['document', 'script', 'stylesheet', 'image', 'font'];

/**
 * Chromium drops what it is loading (ERR_NETWORK_CHANGED) whenever an interface comes or goes on the machine, as with every container that
 * another test starts; what the page asks for itself it asks again, its own files it does not. So this process fetches those.
 */
async function throughNode(route: Route): Promise<void> {
  if (!files.includes(route.request().resourceType())) return route.continue();
  try {
    await route.fulfill({ response: await route.fetch() });
  } catch {
    await route.abort().catch(() => undefined);
  }
}

/** What a page must never do: break the policy, ask elsewhere, fail in a script. Gives the list, empty when all is well. */
export function watched(page: Page, origin: () => string): readonly string[] {
  const found: string[] = [];
  page.on('pageerror', (error) => found.push(`error: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error' && /Content Security Policy|Refused to/i.test(message.text())) found.push(message.text());
  });
  page.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(origin()) && !/^(data|blob):/.test(url)) found.push(`asked ${url}`);
  });
  return found;
}
