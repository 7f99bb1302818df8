/** What is wrong with a query, in the two words that Azure uses, or that it asks for more than the stand-in does. */
export type FaultKind = 'SyntaxError' | 'SemanticError' | 'QueryLimitError';

/** A query that cannot be answered. `at` is the offset in its text where the trouble begins. */
export class KqlFault extends Error {
  readonly kind: FaultKind;
  readonly at: number;
  constructor(kind: FaultKind, at: number, message: string) {
    super(message);
    this.name = 'KqlFault';
    this.kind = kind;
    this.at = at;
  }
}

export function syntaxFault(at: number, message: string): KqlFault {
  return new KqlFault('SyntaxError', at, message);
}

export function semanticFault(at: number, message: string): KqlFault {
  return new KqlFault('SemanticError', at, message);
}

export function limitFault(at: number, message: string): KqlFault {
  return new KqlFault('QueryLimitError', at, message);
}

/** Line and column of an offset, both from 1. */
export function placeOf(text: string, at: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, at);
  return { line: before.split('\n').length, column: at - before.lastIndexOf('\n') };
}
