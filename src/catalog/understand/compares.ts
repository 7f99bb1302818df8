const comparing =
  /\b(?:differen\w*|differs?|diff|vs|versus|compar\w*|confus\w*|distingu\w*|tell \w+ apart|same (?:thing )?as|(?:la )?meme chose|plutot|instead of)\b/i;

/** Whether a text asks what sets two things apart. */
export function compares(text: string): boolean {
  return comparing.test(text.slice(0, 500).normalize('NFD').replace(/\p{M}/gu, ''));
}
