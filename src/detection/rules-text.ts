import { isAlias, isNode, isScalar, LineCounter, parseDocument, visit, type Document } from 'yaml';
import { z } from 'zod';
import { rulesFileSchema, type RulesFile } from './rules.ts';
import { shippedMetricRules } from './shipped-rules.ts';

/** One thing wrong in a rules file: where, what, and what to do about it. */
export interface RulesFault {
  /** 1-based; 1 if nothing more precise is known. */
  readonly line: number;
  /** `rules.quota.levels.warning`; empty for the file as a whole. */
  readonly path: string;
  readonly problem: string;
  readonly remedy: string;
}

/** The rules of a YAML (or JSON) text, or everything that is wrong with it at once. */
export function parseRules(text: string): { readonly rules: RulesFile } | { readonly faults: readonly RulesFault[] } {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, prettyErrors: false });
  if (document.errors.length > 0)
    return {
      faults: document.errors.map((error) => ({
        line: lines.linePos(error.pos[0]).line,
        path: '',
        problem: error.message.replace(/\s+/g, ' '),
        remedy:
          error.code === 'DUPLICATE_KEY' ? 'Keep one of the two.' : 'Correct the YAML there; indentation is by spaces.',
      })),
    };
  const unusable = unusableNodes(document, lines);
  if (unusable.length > 0) return { faults: unusable };
  const written = plain(document, lines);
  if ('fault' in written) return { faults: [written.fault] };
  const parsed = rulesFileSchema.safeParse(written.value ?? {});
  const faults = parsed.success
    ? missingMetrics(parsed.data, document, lines)
    : parsed.error.issues.flatMap((issue) => faultsOf(issue, document, lines));
  return parsed.success && faults.length === 0
    ? { rules: parsed.data }
    : { faults: [...faults].sort((a, b) => a.line - b.line) };
}

/** References to nothing, and the one key that would be lost on the way to a plain object. */
function unusableNodes(document: Document, lines: LineCounter): readonly RulesFault[] {
  const faults: RulesFault[] = [];
  const fault = (node: unknown, problem: string, remedy: string): void => {
    const line = isNode(node) && node.range ? lines.linePos(node.range[0]).line : 1;
    faults.push({ line, path: '', problem, remedy });
  };
  visit(document, {
    Alias: (_, alias) => {
      if (!alias.resolve(document))
        fault(
          alias,
          `*${alias.source} refers to nothing above it`,
          `Mark what it stands for with &${alias.source}, or put the text in quotes.`,
        );
    },
    Pair: (_, { key }) => {
      const name = isAlias(key) ? key.resolve(document) : key;
      if (isScalar(name) && name.value === '__proto__')
        fault(key, '__proto__ cannot be used as a name', 'Correct it or remove it.');
    },
  });
  return faults;
}

/** The document as plain data, unless its aliases refer to each other so that it would fill the memory. */
function plain(document: Document, lines: LineCounter): { readonly value: unknown } | { readonly fault: RulesFault } {
  try {
    return { value: document.toJS() };
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error;
    let last = 0;
    visit(document, { Alias: (_, { range }) => void (last = range?.[0] ?? last) });
    return {
      fault: {
        line: lines.linePos(last).line,
        path: '',
        problem: 'has aliases of aliases that stand for too much',
        remedy: 'Write out what they stand for.',
      },
    };
  }
}

type Issue = z.core.$ZodIssue;

function faultsOf(issue: Issue, document: Document, lines: LineCounter): RulesFault[] {
  const { path } = issue;
  const at = (key?: PropertyKey): Pick<RulesFault, 'line' | 'path'> => {
    const whole = key === undefined ? path : [...path, key];
    return { line: lineOf(document, lines, whole), path: whole.map(String).join('.') };
  };
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({ ...at(key), problem: `${key} is not known here`, remedy: knownKeys(path) }));
    case 'invalid_value':
      return [
        {
          ...at(),
          problem: missing(document, path) ? 'is missing' : 'has a value that is not known',
          remedy: `Write ${issue.values.map(String).join(', ')}.`,
        },
      ];
    case 'too_small':
    case 'too_big': {
      const bound =
        issue.code === 'too_small' ? `at least ${String(issue.minimum)}` : `at most ${String(issue.maximum)}`;
      return [
        { ...at(), problem: `is ${issue.code === 'too_small' ? 'too small' : 'too large'}`, remedy: `Write ${bound}.` },
      ];
    }
    case 'invalid_type':
      return [
        {
          ...at(),
          problem: missing(document, path) ? 'is missing' : 'is of the wrong kind',
          remedy: `Write a ${issue.expected}.`,
        },
      ];
    case 'invalid_key':
      return [
        {
          ...at(),
          problem: 'is a name that cannot be used',
          remedy: sentence(issue.issues[0]?.message ?? 'choose another name'),
        },
      ];
    default:
      return [{ ...at(), problem: 'cannot be used', remedy: sentence(issue.message) }];
  }
}

function missing(document: Document, path: readonly PropertyKey[]): boolean {
  return document.getIn(path) === undefined;
}

function sentence(message: string): string {
  return `${message.charAt(0).toUpperCase()}${message.slice(1)}.`;
}

/** The line of what a path leads to, or of the nearest thing above it that exists. */
function lineOf(document: Document, lines: LineCounter, path: readonly PropertyKey[]): number {
  for (let depth = path.length; depth > 0; depth -= 1) {
    const node = document.getIn(path.slice(0, depth), true);
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
  }
  return 1;
}

/** The keys that the schema knows at a place of the file. */
function knownKeys(path: readonly PropertyKey[]): string {
  let schema: unknown = rulesFileSchema;
  for (const key of path) {
    const inner = withoutOptional(schema);
    if (inner instanceof z.ZodObject) schema = (inner.shape as Record<PropertyKey, unknown>)[key];
    else if (inner instanceof z.ZodArray) schema = inner.element;
    else if (inner instanceof z.ZodRecord) schema = inner.valueType;
  }
  const known = withoutOptional(schema);
  return known instanceof z.ZodObject
    ? `Known here: ${Object.keys(known.shape).join(', ')}. Correct it or remove it.`
    : 'Correct it or remove it.';
}

function withoutOptional(schema: unknown): unknown {
  return schema instanceof z.ZodOptional ? withoutOptional(schema.unwrap()) : schema;
}

/** A rule for a metric must say which one, unless it adjusts a shipped rule. */
function missingMetrics(file: RulesFile, document: Document, lines: LineCounter): RulesFault[] {
  const faults: RulesFault[] = [];
  const own = new Set<string>(Object.keys(shippedMetricRules));
  const places: { readonly path: readonly PropertyKey[]; readonly rules: RulesFile['rules'] }[] = [
    { path: ['rules'], rules: file.rules },
    ...(file.overrides ?? []).map((override, i) => ({ path: ['overrides', i, 'rules'], rules: override.rules })),
  ];
  for (const { path, rules } of places)
    for (const [name, rule] of Object.entries(rules?.metrics ?? {})) {
      if (rule.metric !== undefined && rule.aggregation !== undefined) own.add(name);
      else if (!own.has(name)) {
        const whole = [...path, 'metrics', name];
        faults.push({
          line: lineOf(document, lines, whole),
          path: whole.map(String).join('.'),
          problem: 'does not say which metric it is about, and no shipped rule has this name',
          remedy: `Add metric and aggregation, or use the name of a shipped rule: ${Object.keys(shippedMetricRules).join(', ')}.`,
        });
      }
    }
  return faults;
}
