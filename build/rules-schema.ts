// Writes the JSON schema of the rules file, for editors; a test tells when it is not up to date.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format } from 'prettier';
import { rulesJsonSchema } from '../src/detection/rules.ts';

const text = await format(JSON.stringify(rulesJsonSchema()), { parser: 'json', printWidth: 120 });
writeFileSync(join(import.meta.dirname, '../rules/hubwatch-rules.schema.json'), text);
