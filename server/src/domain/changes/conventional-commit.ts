/** A commit message read as Conventional Commits 1.0.0, with the tickets it names. A message that follows no convention is `other`. */
import type { CommitMessage } from '../commit.ts';

export type CommitTopic = 'feature' | 'fix' | 'performance' | 'security' | 'other';

export type ReadCommit = {
  readonly id: string;
  readonly topic: CommitTopic;
  readonly scope: string | null;
  /** The subject without its type and scope. */
  readonly title: string;
  readonly breaking: boolean;
  readonly tickets: readonly string[];
  readonly author: string;
  readonly at: string;
};

const header = /^(?<type>[A-Za-z]+)(?:\((?<scope>[^()]{1,60})\))?(?<breaking>!)?: +(?<title>.+)$/;
const topics: Readonly<Record<string, CommitTopic>> = {
  feat: 'feature',
  fix: 'fix',
  perf: 'performance',
  sec: 'security',
  security: 'security',
};
/** A key of Jira's kind; words such as UTF-8 and SHA-256 look like one and are none. */
const key = /(?<![A-Za-z0-9-])(?!(?:UTF|SHA|ISO|RFC|CVE|MD|AES|HTTP|TLS|X)-)[A-Z][A-Z0-9]{1,9}-[1-9][0-9]{0,6}(?![A-Za-z0-9-])/g;
/** What GitLab and GitHub close, or a footer refers to. */
const reference = /\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?|refs?|see|issues?)[: ]+((?:#[0-9]{1,7}(?:[, ]+(?:and +)?)?)+)/gi;

export function readCommit(commit: CommitMessage): ReadCommit {
  const { id, subject, author, at } = commit;
  const body = commit.body ?? '';
  const groups = header.exec(subject)?.groups ?? {};
  const known = groups['type'] !== undefined;
  return {
    ...{ id, author, at },
    topic: topics[(groups['type'] ?? '').toLowerCase()] ?? 'other',
    scope: groups['scope'] ?? null,
    title: known ? (groups['title'] ?? subject) : subject,
    breaking: groups['breaking'] === '!' || /^BREAKING[ -]CHANGE: /m.test(body),
    tickets: ticketsIn(`${subject}\n${body}`),
  };
}

/** The tickets that a text names, each once, in order. */
export function ticketsIn(text: string): readonly string[] {
  const numbers = [...text.matchAll(reference)].flatMap(([, list = '']) => list.match(/#[0-9]+/g) ?? []);
  return [...new Set([...(text.match(key) ?? []), ...numbers])];
}
