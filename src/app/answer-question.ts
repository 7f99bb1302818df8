import { explain } from '../bot/explain.ts';
import { cardReply, type Inbound, type Reply } from '../bot/inbound.ts';
import { happeningsOf } from '../bot/happenings.ts';
import { leadOf } from '../bot/lead.ts';
import { familiesOf } from '../bot/search.ts';
import { answerCard, type AnswerContext } from '../cards/answer-card.ts';
import type { Subject } from '../catalog/subject.ts';
import { severalCard } from '../cards/several-card.ts';
import { languageOf, wordsOf } from '../cards/words/languages.ts';
import type { Language } from '../cards/words/words.ts';
import type { Channel } from '../notify/channel.ts';
import { DAY, type EpochMs } from '../time/time.ts';
import type { Deps } from './deps.ts';

/** A question is answered in the asker's language, unless one was chosen for the conversation. */
export function answerLanguage({ locale }: Inbound, channel: Channel | undefined): Language {
  if (channel?.languageChosen || locale === undefined) return channel?.language ?? languageOf(locale);
  return languageOf(locale);
}

/** How many of the incidents that ended lately are looked through. */
const maxArchived = 200;

/** What an error code, an exception or a description means, and where it is happening now. */
export async function explained(deps: Deps, text: string, asked: Language, now: EpochMs): Promise<Reply> {
  const found = explain(text);
  const language = found.language ?? asked;
  const words = wordsOf(language);
  switch (found.kind) {
    case 'unknown':
      return { kind: 'words', text: words.answer.unknown };
    case 'several':
      return cardReply(
        severalCard(found.subjects, found.together, {
          language,
          lead: leadOf(found, words),
          ...(await whereHappening(deps, found.subjects, now)),
        }),
        'below',
      );
    case 'one': {
      const { subject, others } = found;
      const lead = leadOf(found, words);
      const happening = await whereHappening(deps, [subject], now);
      return cardReply(answerCard(subject, { language, lead, others, ...happening }), 'below');
    }
  }
}

/** The hubs on which the families of these subjects fire or did in the last 24 hours; nothing where there is no family. */
async function whereHappening(
  { stores }: Deps,
  subjects: readonly Subject[],
  now: EpochMs,
): Promise<Pick<AnswerContext, 'happenings'>> {
  const families = [...new Set(subjects.flatMap(familiesOf))];
  if (families.length === 0) return {};
  const [live, ended] = await Promise.all([
    stores.incidents.listLive(),
    stores.incidents.listArchived(now - DAY, now, maxArchived),
  ]);
  return { happenings: happeningsOf([...live.map(({ value }) => value), ...ended], families, now) };
}
