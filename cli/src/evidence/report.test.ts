import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CliError } from '../errors.ts';
import { type Report, readReport } from './report.ts';

const base = `sha256:${'a'.repeat(64)}`;
const layers = [{ digest: base, storey: 'vendor' as const }];
const read = (kind: string, report: string | object): Report =>
  readReport(kind, typeof report === 'string' ? report : JSON.stringify(report), 'report', layers);

function refused(kind: string, report: string | object, sentence: RegExp): void {
  assert.throws(
    () => read(kind, report),
    (error) => error instanceof CliError && error.code === 'report-unreadable' && sentence.test(error.message),
  );
}

test('JUnit counts the cases, not the sums that a suite claims', () => {
  const xml = `<?xml version="1.0"?><testsuites tests="99" failures="0"><testsuite name="a">
    <testcase name="adds"/><testcase name="divides"><failure message="no &amp; never">x &lt; y</failure></testcase>
    <testsuite name="inner"><testcase name="waits"><skipped/></testcase><testcase name="ends"><error/></testcase></testsuite>
    </testsuite></testsuites>`;
  assert.deepEqual(read('tests', xml), { outcome: 'failed', summary: '1 tests passed, 2 failed, 1 skipped: divides; ends', findings: [] });
  assert.equal(read('tests', '<testsuite><testcase name="a"/></testsuite>').outcome, 'passed');
});

test('tests that were all skipped prove nothing', () => {
  assert.equal(read('tests', '<testsuite><testcase name="a"><skipped/></testcase></testsuite>').outcome, 'failed');
  refused('tests', '<testsuite tests="3"/>', /no <testcase>/);
});

test('broken XML, broken JSON and a scan in an unknown format are refused with the reason', () => {
  refused('tests', '<testsuite><testcase></testsuite>', /report cannot be read as a report: .*line?|unclosed|unexpected/i);
  refused('tests', '<!DOCTYPE a [<!ENTITY b "c">]><testsuite>&b;</testsuite>', /entity/);
  refused('scan', '{"a":', /neither JSON nor XML/);
  refused('scan', '[]', /neither SARIF, nor CycloneDX/);
  refused('scan', { findings: [] }, /neither SARIF, nor CycloneDX/);
  assert.deepEqual(read('performance', { p99: 12 }), { outcome: null, summary: null, findings: [] });
});

test('SARIF gives a finding for each rule and place, rated by its score or else its level, without what is suppressed', () => {
  const at = (uri: string) => [{ physicalLocation: { artifactLocation: { uri } } }];
  const report = read('scan', {
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'x', rules: [{ id: 'CVE-1', properties: { 'security-severity': '9.8' } }, { id: 'R2' }] } },
        results: [
          { ruleId: 'CVE-1', level: 'warning', locations: at('package-lock.json') },
          { ruleId: 'CVE-1', level: 'warning', locations: at('package-lock.json') },
          { ruleId: 'R2', level: 'note', locations: at('a.js') },
          { ruleId: 'R2', level: 'error', locations: at('b.js'), suppressions: [{ kind: 'external' }] },
          { ruleId: 'R2', level: 'error', locations: at('c.js'), suppressions: [{ kind: 'external', status: 'rejected' }] },
          { ruleId: 'R2', kind: 'pass', level: 'none' },
        ],
      },
    ],
  });
  assert.deepEqual(
    report.findings.map((one) => `${one.id} ${one.severity} ${one.package}`),
    ['CVE-1 critical package-lock.json', 'R2 low a.js', 'R2 high c.js'],
  );
  assert.deepEqual([report.outcome, report.summary], ['failed', '3 found: 1 critical, 1 high, 1 low']);
});

test('Trivy gives the package URL and the storey of the layer', () => {
  const report = read('scan', {
    SchemaVersion: 2,
    ArtifactName: 'web',
    Results: [
      {
        Target: 'debian',
        Vulnerabilities: [
          { VulnerabilityID: 'CVE-2', PkgName: 'libc6', InstalledVersion: '2.36', Severity: 'LOW', Layer: { Digest: base } },
        ],
      },
      { Target: 'node', Vulnerabilities: [{ VulnerabilityID: 'CVE-3', PkgIdentifier: { PURL: 'pkg:npm/a@1' }, Severity: 'UNKNOWN' }] },
      { Target: 'clean' },
    ],
  });
  assert.deepEqual(report.findings, [
    { id: 'CVE-2', severity: 'low', package: 'libc6@2.36', storey: 'vendor' },
    { id: 'CVE-3', severity: 'medium', package: 'pkg:npm/a@1', storey: null },
  ]);
  assert.equal(report.outcome, 'passed');
});

test('CycloneDX gives what affects, and takes the word of its analysis', () => {
  const vulnerability = (id: string, state: string | null) => ({
    id,
    ratings: [{ severity: 'low' }, { score: 7.5, severity: 'unknown' }],
    affects: [{ ref: 'one' }],
    ...(state === null ? {} : { analysis: { state } }),
  });
  const report = read('scan', {
    bomFormat: 'CycloneDX',
    components: [{ name: 'x', components: [{ 'bom-ref': 'one', name: 'a', version: '1', purl: 'pkg:npm/a@1' }] }],
    vulnerabilities: [vulnerability('CVE-4', null), vulnerability('CVE-5', 'not_affected'), vulnerability('CVE-6', 'exploitable')],
  });
  assert.deepEqual(
    report.findings.map((one) => `${one.id} ${one.severity} ${one.package}`),
    ['CVE-4 high pkg:npm/a@1', 'CVE-6 high pkg:npm/a@1'],
  );
});
