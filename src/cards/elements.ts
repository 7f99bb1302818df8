import type {
  Action,
  IAdaptiveCard,
  CardElement,
  IColumn,
  IContainer,
  IRichTextBlock,
  ITextBlock,
  ITextRun,
} from '@microsoft/teams.cards';

/** A card as it is sent: Adaptive Card schema 1.5, newer elements only with a fallback. */
export type Card = IAdaptiveCard;
export type Element = CardElement;
export type { Action };

type RunStyle = Partial<Pick<ITextRun, 'weight' | 'size' | 'color' | 'isSubtle' | 'fontType' | 'italic'>>;
type BlockStyle = Partial<Pick<IRichTextBlock, 'spacing' | 'separator' | 'horizontalAlignment' | 'id' | 'isVisible'>>;

/** Words shown as they are: no Markdown, no links, no macros. `code` between backticks is set in monospace. */
export function say(text: string, style: RunStyle = {}, block: BlockStyle = {}): IRichTextBlock {
  return { type: 'RichTextBlock', inlines: runs(text, style), ...block };
}

export function runs(text: string, style: RunStyle = {}): ITextRun[] {
  return text
    .split('`')
    .map((part, i): ITextRun => ({
      type: 'TextRun',
      text: part,
      ...style,
      ...(i % 2 === 1 ? { fontType: 'Monospace' } : {}),
    }))
    .filter((run) => run.text !== '');
}

/** A heading of ours, read as a heading by screen readers. Never for text from outside: TextBlock is Markdown. */
export function heading(text: string, style: Partial<ITextBlock> = {}): ITextBlock {
  return { type: 'TextBlock', text, weight: 'Bolder', wrap: true, spacing: 'Medium', style: 'heading', ...style };
}

/** `label  value` lines, values verbatim. */
export function facts(lines: readonly (readonly [label: string, value: string])[]): IContainer {
  return {
    type: 'Container',
    spacing: 'Medium',
    items: lines.map(([label, value]) => ({
      type: 'RichTextBlock',
      spacing: 'None',
      inlines: [
        { type: 'TextRun', text: `${label}  `, isSubtle: true },
        { type: 'TextRun', text: value },
      ],
    })),
  };
}

/** Numbered lines: the number stays in its column when the text wraps. */
export function numbered(lines: readonly string[]): CardElement[] {
  return lines.map((line, i) => ({
    type: 'ColumnSet',
    spacing: 'Small',
    columns: [column('auto', [say(`${String(i + 1)}.`, { weight: 'Bolder' })]), column('stretch', [say(line)])],
  }));
}

export function bullets(lines: readonly string[]): CardElement[] {
  return lines.map((line) => ({
    type: 'ColumnSet',
    spacing: 'Small',
    columns: [column('auto', [say('•')]), column('stretch', [say(line)])],
  }));
}

export function column(width: 'auto' | 'stretch', items: CardElement[]): IColumn {
  return { type: 'Column', width, items };
}

/** Something that the person unfolds by a button. `id` must be unique in the card. */
export function folded(id: string, items: CardElement[]): IContainer {
  return { type: 'Container', id, isVisible: false, items };
}

export function card(body: CardElement[], actions: Action[], speak: string): Card {
  return {
    type: 'AdaptiveCard',
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    version: '1.5',
    msteams: { width: 'full' },
    speak,
    body,
    ...(actions.length === 0 ? {} : { actions }),
  };
}
