/** A person without a mouse: goes on with the tab key, and must see where they are. */
import assert from 'node:assert/strict';
import type { Locator, Page } from 'playwright-core';

const most = 80;

/** Goes on until the control has the focus, and asks that the focus is seen there (WCAG 2.4.7). */
export async function tabTo(page: Page, wanted: Locator, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
  await wanted.waitFor();
  for (let tabs = 0; tabs < most && !(await hasFocus(wanted)); tabs += 1) await page.keyboard.press(key);
  assert.ok(await hasFocus(wanted), `${String(wanted)} is not reached with ${key}`);
  assert.ok(await page.evaluate<boolean>(ring), `${String(wanted)} shows no focus`);
}

export async function press(page: Page, wanted: Locator, key = 'Enter'): Promise<void> {
  await tabTo(page, wanted);
  await page.keyboard.press(key);
}

/** Goes to a field and writes over what it holds. */
export async function write(page: Page, wanted: Locator, text: string): Promise<void> {
  await tabTo(page, wanted);
  await page.keyboard.press('Control+a');
  await page.keyboard.type(text);
}

/** The focus is where it was, or on something of the page: never lost at its beginning. */
export async function keepsFocus(page: Page, on: Locator | null = null): Promise<void> {
  await page.waitForFunction(`document.activeElement !== null && document.activeElement !== document.body`);
  if (on !== null) assert.ok(await hasFocus(on), `the focus did not come back to ${String(on)}`);
}

function hasFocus(wanted: Locator): Promise<boolean> {
  return wanted.evaluate((one) => one === document.activeElement);
}

const ring = `(() => {
  const seen = (node, pseudo) => {
    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(node, pseudo);
    return (outlineStyle !== 'none' && parseFloat(outlineWidth) > 0) || (boxShadow !== 'none' && boxShadow !== '');
  };
  const focused = document.activeElement;
  return [focused, focused?.closest('.pf-v6-c-form-control')].some((node) => node && (seen(node) || seen(node, '::after')));
})()`;
