/**
 * What the server says, in French: its English sentences are the keys, as with gettext (docs/decisions/0016).
 *
 * A sentence is recognised by its template, `No component is called {component}.`, and its words are put into the French one. What no
 * template fits stays English, and is marked as such for whoever listens.
 */

/** The French of a sentence, or of several one after the other; null where any of them is not known. */
export type Translate = (sentence: string) => string | null;

type Template = { readonly english: RegExp; readonly french: string; readonly literal: number };

/** Holes that hold one word: a template with them fits nothing longer. */
const oneWord = new Set(['release', 'component', 'environment', 'id', 'count', 'other', 'provider', 'system', 'version', 'percent']);
/** Sentences whose French is remembered; those that tell a time are never the same for long. */
const mostKnown = 5_000;
const between = [
  ['; ', '\u00a0; '],
  [', and ', ', et '],
  [', ', ', '],
  [' and ', ' et '],
] as const;

/** Reads pairs of lines: a sentence, and below it, indented, its French. Lines that begin with # explain. */
export function translator(text: string): Translate {
  const templates = templatesOf(text);
  const one = (sentence: string): string | null => {
    for (const { english, french } of templates) {
      const found = english.exec(sentence);
      if (found !== null) return fill(french, found.groups ?? {}, word);
    }
    return null;
  };
  const word = (text: string): string => one(text) ?? listed(text, one) ?? text;
  const known = new Map<string, string | null>();
  return (sentence) => {
    const before = known.get(sentence);
    if (before !== undefined) return before;
    const found = one(sentence) ?? several(sentence, one) ?? clauses(sentence, one);
    if (known.size >= mostKnown) known.clear();
    known.set(sentence, found);
    return found;
  };
}

/** The pairs of the file, English and French. */
export function pairsOf(text: string): readonly (readonly [string, string])[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('#'));
  return lines.flatMap((line, index) => (index % 2 === 0 ? [[line, (lines[index + 1] ?? '').trim()] as const] : []));
}

/** What says most by itself is tried first. */
function templatesOf(text: string): readonly Template[] {
  return pairsOf(text)
    .map(([english, french]) => ({ english: patternOf(english), french, literal: english.replaceAll(/\{\w+\}/g, '').length }))
    .toSorted((one, other) => other.literal - one.literal);
}

function patternOf(english: string): RegExp {
  const seen = new Set<string>();
  const source = english.split(/(\{\w+\})/).map((part) => {
    const name = /^\{(\w+)\}$/.exec(part)?.[1];
    if (name === undefined) return part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
    if (seen.has(name)) return `\\k<${name}>`;
    seen.add(name);
    // No hole holds the end of one sentence and the beginning of another.
    return oneWord.has(name) ? `(?<${name}>\\S+)` : `(?<${name}>(?:(?!\\. [A-Z\`]).)+?)`;
  });
  return new RegExp(`^${source.join('')}$`, 's');
}

function fill(french: string, words: Readonly<Record<string, string>>, word: Translate | ((text: string) => string)): string {
  return french.replaceAll(/\{(\w+)\}/g, (hole, name: string) => word(words[name] ?? hole) ?? hole);
}

/** Words in a row: names, and phrases that are known. A text that somebody wrote is no list, and stays. */
function listed(text: string, one: Translate): string | null {
  for (const [english, french] of between) {
    const parts = text.split(english);
    if (parts.length < 2) continue;
    const known = parts.map((part) => one(part) ?? (/^\S+$/.test(part) ? part : listed(part, one)));
    if (known.every((part) => part !== null)) return known.join(french);
  }
  return null;
}

/** Sentences one after the other; the longest that is known first. */
function several(text: string, one: Translate): string | null {
  const parts = text.split(/(?<=\.) (?=[A-Z`\w])/);
  for (let count = parts.length - 1; count > 0; count -= 1) {
    const first = one(parts.slice(0, count).join(' '));
    const rest = parts.slice(count).join(' ');
    const others = first === null ? null : (one(rest) ?? several(rest, one) ?? clauses(rest, one));
    if (first !== null && others !== null) return `${first} ${others}`;
  }
  return null;
}

/** `this; that.` */
function clauses(text: string, one: Translate): string | null {
  const parts = text.replace(/\.$/, '').split('; ').map(one);
  return parts.every((part) => part !== null) ? `${parts.join('\u00a0; ')}${text.endsWith('.') ? '.' : ''}` : null;
}
