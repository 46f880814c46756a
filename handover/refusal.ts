/** What the engine will not do as things are: where, what it found, what it allows, and what to change. */
export interface Refused {
  where: string;
  given: string;
  allowed: string;
  fix: string;
}

export const sentence = ({ where, given, allowed, fix }: Refused): string =>
  `${where}: given ${given}; allowed: ${allowed}; fix: ${fix}`;

export class Refusal extends Error {
  constructor(readonly refused: readonly Refused[]) {
    super(refused.map(sentence).join("\n"));
  }
}

export const refuse = (where: string, given: string, allowed: string, fix: string): never => {
  throw new Refusal([{ where, given, allowed, fix }]);
};
