import type { CardAction } from '../cards/card-action.ts';
import type { Card } from '../cards/elements.ts';
import type { Person } from '../incidents/incident.ts';

/** The conversation in which something was said. */
export interface Conversation {
  /** Without a message id. */
  readonly id: string;
  readonly kind: 'channel' | 'group' | 'personal';
  readonly tenantId: string;
  readonly serviceUrl: string;
  readonly botId: string;
  readonly teamId?: string;
}

/** What came in from Teams, checked and stripped to what the product needs. */
export type Inbound = {
  readonly conversation: Conversation;
  readonly from: Person;
  readonly locale: string | undefined;
} & (
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'action'; readonly action: CardAction | undefined; readonly messageId: string | undefined }
  | { readonly kind: 'submit'; readonly action: CardAction | undefined }
  | { readonly kind: 'search'; readonly query: string; readonly skip: number; readonly count: number }
  | { readonly kind: 'added'; readonly fresh: boolean }
  | { readonly kind: 'removed' }
  | { readonly kind: 'other' }
);

/**
 * What goes back to the one who asked. A card that answers a pressed button either takes the place of the pressed card
 * (for this person only) or stands below it.
 */
export type Reply =
  | {
      readonly kind: 'card';
      readonly card: Readonly<Record<string, unknown>>;
      readonly summary: string;
      readonly placement: 'replace' | 'below';
    }
  | { readonly kind: 'words'; readonly text: string }
  | { readonly kind: 'results'; readonly results: readonly SearchResult[] }
  | { readonly kind: 'nothing' };

export interface SearchResult {
  readonly title: string;
  readonly text: string;
  readonly card: Readonly<Record<string, unknown>>;
}

/** A card as the answer, with the words that stand for it where it cannot be shown. */
export function cardReply(content: Card, placement: 'replace' | 'below' = 'replace'): Reply {
  return {
    kind: 'card',
    card: content as unknown as Record<string, unknown>,
    summary: (content.speak ?? '').slice(0, 300),
    placement,
  };
}
