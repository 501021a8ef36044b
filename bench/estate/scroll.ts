/** A scroll through all rows of the estate, and through a page that does nothing else: what the browser itself needs on this machine. */
import type { person } from '../../web/test/browser.ts';
import type { Run } from '../harness.ts';

type BrowserContext = Awaited<ReturnType<typeof person>>;
type Page = Awaited<ReturnType<BrowserContext['newPage']>>;

export const plain = 'a plain list';
const frames = 120;

/** As many lines as the matrix has rows, with as many words in each, all there from the beginning. */
export async function plainList(context: BrowserContext, lines: number): Promise<Page> {
  const page = await context.newPage();
  const words = (line: number): string =>
    ['dev', 'int', 're7', 'preprod', 'prod']
      .map((_, stage) => `<b>2.${(line + stage) % 9}.1<br><small>${line % 12} h ago</small></b>`)
      .join('');
  const style = `.matrix-box{height:700px;overflow:auto} p{display:flex;height:51px;margin:0;border-bottom:1px solid #ccc;font:14px sans-serif} b{flex:1;font-weight:400}`;
  const body = Array.from(
    { length: lines },
    (_, line) => `<p><b>contrats-01-web-${line}<br><small>contrats-01</small></b>${words(line)}</p>`,
  );
  await page.setContent(`<style>${style}</style><div class="matrix-box">${body.join('')}</div>`);
  return page;
}

/** From the first row to the last in 120 frames, as a wheel that is turned quickly: how long each frame was, and the page's work in it. */
export async function scrolled(page: Page, contender: string, round: number): Promise<readonly Run[]> {
  const browser = await page.context().newCDPSession(page);
  await browser.send('Performance.enable', { timeDomain: 'threadTicks' });
  const work = async (): Promise<number> => {
    const { metrics } = await browser.send('Performance.getMetrics');
    return metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN;
  };
  const before = await work();
  const lengths = await page.evaluate<readonly number[]>(scrollThrough);
  const workMs = (1_000 * ((await work()) - before)) / frames;
  await browser.detach();
  return lengths.map((seconds) => ({ scenario: 'frame of a scroll', contender, round, seconds, values: { workMs } }));
}

const scrollThrough = `
  new Promise((resolve) => {
    const box = document.querySelector('.matrix-box');
    const way = box.scrollHeight - box.clientHeight;
    const lengths = [];
    let last = performance.now();
    const draw = (now) => {
      lengths.push((now - last) / 1000);
      last = now;
      if (lengths.length > ${frames}) return resolve(lengths.slice(1));
      box.scrollTop = (way * lengths.length) / ${frames};
      requestAnimationFrame(draw);
    };
    box.scrollTop = 0;
    requestAnimationFrame(draw);
  })`;
