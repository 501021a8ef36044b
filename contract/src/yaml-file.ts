/** Reads a YAML file against what it must keep to: its value, or every problem with its line, its column and what to do. */
import type { Finding } from './schema-findings.ts';
import { openYaml, type SourceProblem } from './yaml-source.ts';

/** One thing wrong in a file. Lines and columns count from 1. */
export type FileProblem = {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly problem: string;
  readonly remedy: string;
  /** Where in the file, such as `run.health`; empty for the whole file. */
  readonly path: string;
};

/** Everything that is wrong with a file; the message is one line for each problem. */
export class FileError extends Error {
  readonly problems: readonly FileProblem[];

  constructor(problems: readonly FileProblem[]) {
    super(problems.map(sentenceOf).join('\n'));
    this.name = new.target.name;
    this.problems = problems;
  }
}

/** What the text holds, or its problems in the order of the text. */
export function readYaml(
  text: string,
  file: string,
  findingsOf: (value: unknown) => readonly Finding[],
): { readonly value: unknown } | { readonly problems: readonly FileProblem[] } {
  const source = openYaml(text);
  const named = (problems: readonly SourceProblem[]) => ({ problems: problems.map((problem) => ({ file, ...problem })) });
  if (source.state === 'unreadable') return named(source.problems);
  const findings = findingsOf(source.value);
  if (findings.length > 0) return named(findings.map((finding) => source.locate(finding)).sort(byPosition));
  return { value: source.value };
}

function byPosition(a: SourceProblem, b: SourceProblem): number {
  return a.line - b.line || a.column - b.column;
}

function sentenceOf({ file, line, column, problem, remedy }: FileProblem): string {
  return `${file}:${line}:${column}: ${problem}; ${remedy}${/[?.]$/.test(remedy) ? '' : '.'}`;
}
