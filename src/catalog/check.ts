import { combinationSchema, entrySchema, familySchema, topicSchema } from './schema.ts';

/** One thing wrong in the catalogue, and where: `entries/429.json: 429001: related: 429009 is not in the catalogue`. */
export type Fault = string;

/** The parsed JSON of the catalogue's files, by file name relative to the catalogue's folder. */
export type CatalogFiles = ReadonlyMap<string, unknown>;

/** Every fault of the catalogue's files: shape, duplicates, links between entries that lead nowhere. */
export function checkCatalog(files: CatalogFiles): readonly Fault[] {
  const faults: Fault[] = [];
  const entries = new Map<string, string>();
  const families = new Set<string>();
  const topics = new Map<string, string>();
  const combinations = new Set<string>();
  const links: { where: string; field: string; target: string }[] = [];

  for (const [file, content] of files) {
    const schema = schemaOf(file);
    if (!schema) {
      faults.push(`${file}: not a file of the catalogue`);
      continue;
    }
    if (!Array.isArray(content)) {
      faults.push(`${file}: must hold a list`);
      continue;
    }
    content.forEach((item: unknown, index) => {
      const where = `${file}: ${nameOf(item) ?? `item ${String(index + 1)}`}`;
      const parsed = schema.safeParse(item);
      if (!parsed.success) {
        for (const issue of parsed.error.issues) faults.push(`${where}: ${issue.path.join('.')}: ${issue.message}`);
        return;
      }
      const value = parsed.data;
      if ('code' in value) {
        const other = entries.get(value.code);
        if (other !== undefined) faults.push(`${where}: stands already in ${other}`);
        entries.set(value.code, file);
        if (file !== `entries/${value.code.slice(0, 3)}.json`)
          faults.push(`${where}: belongs in entries/${value.code.slice(0, 3)}.json`);
        if (value.faces.http !== Number(value.code.slice(0, 3)))
          faults.push(`${where}: faces.http: must be ${value.code.slice(0, 3)}`);
        if (value.subfamily !== undefined && !value.code.startsWith(value.subfamily))
          faults.push(`${where}: subfamily: ${value.subfamily} is no prefix of the code`);
        if (value.subfamily !== undefined) links.push({ where, field: 'subfamily', target: `${value.subfamily}xx` });
        links.push({ where, field: 'family', target: `${value.code.slice(0, 3)}xxx` });
        for (const target of value.related) links.push({ where, field: 'related', target });
        if (value.related.includes(value.code)) faults.push(`${where}: related: names itself`);
      } else if ('family' in value) {
        if (families.has(value.family)) faults.push(`${where}: stands there twice`);
        families.add(value.family);
      } else if ('codes' in value) {
        if (combinations.has(value.id)) faults.push(`${where}: stands there twice`);
        combinations.add(value.id);
        for (const target of value.codes.flatMap((place) => place.split('|')))
          links.push({ where, field: 'codes', target });
        if (value.topic !== undefined) links.push({ where, field: 'topic', target: value.topic });
      } else {
        const other = topics.get(value.id);
        if (other !== undefined) faults.push(`${where}: stands already in ${other}`);
        topics.set(value.id, file);
        for (const target of value.about) if (target.length > 3) links.push({ where, field: 'about', target });
      }
    });
  }
  for (const { where, field, target } of links)
    if (!entries.has(target) && !families.has(target) && !topics.has(target))
      faults.push(`${where}: ${field}: ${target} is not in the catalogue`);
  return faults;
}

function schemaOf(
  file: string,
): typeof entrySchema | typeof familySchema | typeof topicSchema | typeof combinationSchema | undefined {
  if (/^entries\/\d{3}\.json$/.test(file)) return entrySchema;
  if (file === 'families.json') return familySchema;
  if (file === 'combinations.json') return combinationSchema;
  if (/^topics\/[a-z0-9-]+\.json$/.test(file)) return topicSchema;
  return undefined;
}

function nameOf(item: unknown): string | undefined {
  if (typeof item !== 'object' || item === null) return undefined;
  const named = item as { code?: unknown; family?: unknown; id?: unknown };
  const name = named.code ?? named.family ?? named.id;
  return typeof name === 'string' ? name : undefined;
}
