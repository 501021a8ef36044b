/**
 * The focus of a person without a mouse is never lost: where the control that had it goes away, a row that was dealt with or a button that
 * no longer applies, the nearest thing that was around it and still stands takes it (WCAG 2.4.3); where it was only disabled for a while,
 * it gets it back.
 */
type Place = { readonly control: HTMLElement; readonly around: readonly HTMLElement[] };

/** As long as the page stands. */
export function keepFocus(): void {
  let last: Place | null = null;
  let outside: Place | null = null;
  document.addEventListener('focusin', ({ target }) => {
    if (!(target instanceof HTMLElement)) return;
    last = placeOf(target);
    // A dialog goes away as a whole: then it is what had the focus before it that counts.
    if (target.closest('[role=dialog]') === null) outside = last;
  });
  new MutationObserver(() => {
    if (last === null || (document.activeElement ?? document.body) !== document.body) return;
    if (!last.control.isConnected) return goTo(nearest(last) ?? nearest(outside));
    if (!last.control.matches(':disabled')) last.control.focus({ preventScroll: true });
  }).observe(document.body, { childList: true, subtree: true, attributes: true, attributeFilter: ['disabled'] });
}

function placeOf(control: HTMLElement): Place {
  const around: HTMLElement[] = [];
  for (let node = control.parentElement; node !== null && node !== document.body && node.id !== 'root'; node = node.parentElement)
    around.push(node);
  return { control, around };
}

function nearest(place: Place | null): HTMLElement | undefined {
  if (place === null) return undefined;
  return [place.control, ...place.around].find((node) => node.isConnected);
}

/** What is no control by itself takes the focus for once; the next tab goes on from there. */
function goTo(place: HTMLElement | undefined): void {
  if (place === undefined) return;
  if (!place.hasAttribute('tabindex') && place.tabIndex < 0) {
    place.tabIndex = -1;
    place.addEventListener('blur', () => place.removeAttribute('tabindex'), { once: true });
  }
  place.focus({ preventScroll: true });
}
