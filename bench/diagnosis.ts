/**
 * How often the diagnosis names the right cause, on the labelled scenarios of `test/diagnosis/labelled`, as Markdown:
 * `node bench/diagnosis.ts [develop|measure] [part of a story's name]`.
 */
import { cpus } from 'node:os';
import { playLabelled, type Outcome } from '../test/diagnosis/labelled/play-labelled.ts';
import { labelled, seeds, stories } from '../test/diagnosis/labelled/scenario-set.ts';

const [only, part = ''] = process.argv.slice(2);
const sets = (['develop', 'measure'] as const).filter((name) => only === undefined || name === only);

const count = (outcomes: readonly Outcome[], of: (outcome: Outcome) => number): number =>
  outcomes.reduce((sum, outcome) => sum + of(outcome), 0);
const share = (outcomes: readonly Outcome[], is: (outcome: Outcome) => boolean): string => {
  const yes = outcomes.filter(is).length;
  return `${yes}/${outcomes.length} (${((100 * yes) / Math.max(1, outcomes.length)).toFixed(1)} %)`;
};

console.log(
  `# Causes named on labelled scenarios\n\nPlayed on ${cpus()[0]?.model ?? 'an unknown CPU'}, Node ${process.version}.`,
);
for (const set of sets) {
  const before = process.cpuUsage();
  const outcomes: Outcome[] = [];
  for (const story of Object.keys(stories).filter((name) => name.includes(part)))
    for (const seed of seeds[set]) {
      const outcome = await playLabelled(labelled(story, seed));
      outcomes.push(outcome);
      if (!outcome.right || outcome.unexpected > 0 || outcome.unfounded.length > 0)
        process.stderr.write(
          `${set} ${seed} ${story} [${outcome.labelled.logs}] wanted ${JSON.stringify(outcome.labelled.label)} got ${outcome.named.join(', ')} ${outcome.unfounded.join(' ')}\n`,
        );
    }
  const { user, system } = process.cpuUsage(before);
  console.log(`\n## ${set}: ${outcomes.length} scenarios, ${((user + system) / 1e6).toFixed(0)} s of CPU\n`);
  console.log('| Story | Family first | Code first | Missed | Unexpected | Confident without evidence |');
  console.log('| --- | --- | --- | --- | --- | --- |');
  const row = (name: string, own: readonly Outcome[]): void => {
    console.log(
      `| ${name} | ${share(own, ({ right }) => right)} | ${share(own, ({ codeRight, right }) => codeRight && right)} | ${count(own, ({ missed }) => missed)} | ${count(own, ({ unexpected }) => unexpected)} | ${count(own, ({ unfounded }) => unfounded.length)} |`,
    );
  };
  for (const [story, own] of Map.groupBy(outcomes, ({ labelled: { story: name } }) => name)) row(story, own);
  for (const [logs, own] of Map.groupBy(outcomes, ({ labelled: { logs: state } }) => state))
    row(`_logs: ${logs}_`, own);
  row('**all**', outcomes);
}
