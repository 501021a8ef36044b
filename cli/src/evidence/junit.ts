/** JUnit XML, as every test runner writes it: what counts are the test cases, not the sums that their suites claim. */
import { SaxesParser } from 'saxes';
import { CliError } from '../errors.ts';
import type { Report } from './report.ts';

type Case = { readonly name: string; state: 'passed' | 'failed' | 'skipped' };

const worse = { failure: 'failed', error: 'failed', skipped: 'skipped' } as const;
const namedAtMost = 3;

/** Throws `report-unreadable` for what is no XML, or holds no test case. */
export function readJunit(text: string, file: string): Report {
  const cases = casesIn(text, file);
  if (cases.length === 0) throw new CliError('report-unreadable', { file, problem: 'it holds no <testcase>' });
  const failed = cases.filter(({ state }) => state === 'failed');
  const skipped = cases.filter(({ state }) => state === 'skipped').length;
  const passed = cases.length - failed.length - skipped;
  const counts = [
    `${passed} tests passed`,
    ...(failed.length > 0 ? [`${failed.length} failed`] : []),
    ...(skipped > 0 ? [`${skipped} skipped`] : []),
  ];
  const named = failed.slice(0, namedAtMost).map(({ name }) => name);
  const summary = `${counts.join(', ')}${named.length === 0 ? '' : `: ${named.join('; ')}${failed.length > namedAtMost ? '; …' : ''}`}`;
  return { outcome: failed.length > 0 || passed === 0 ? 'failed' : 'passed', summary: summary.slice(0, 500), findings: [] };
}

function casesIn(text: string, file: string): readonly Case[] {
  const cases: Case[] = [];
  let open: Case | null = null;
  const parser = new SaxesParser({ xmlns: false });
  parser.on('error', (error) => {
    throw new CliError('report-unreadable', { file, problem: error.message.replace(/^undefined:/, 'line ').replace(/\.$/, '') });
  });
  parser.on('opentag', ({ name, attributes }) => {
    if (name === 'testcase') {
      const one: Case = { name: attributes['name'] ?? 'unnamed', state: 'passed' };
      open = one;
      cases.push(one);
    }
    const state = worse[name as keyof typeof worse];
    if (open !== null && state !== undefined && open.state !== 'failed') open.state = state;
  });
  parser.on('closetag', ({ name }) => {
    if (name === 'testcase') open = null;
  });
  parser.write(text).close();
  return cases;
}
