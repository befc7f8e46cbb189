/** A test as its source spells it. */
export interface NamedTest {
  /** The suite, from the top folder. */
  readonly file: string;
  /** The text given to `it` or `it.each`. */
  readonly title: string;
}

/** One changed line of ours. `find` occurs once in the sources of the libs and services, whichever file holds it. */
export interface Mutant {
  readonly find: string;
  readonly replace: string;
  /** Which of the check's tests it turns red; default: the first. */
  readonly test?: number;
  /** Only below this `describe`: a suite that runs each way of the shop needs to fail in one of them. */
  readonly within?: string;
}

/** Something that every span, or every whole trace, must satisfy. */
export interface Check {
  readonly number: number;
  readonly says: string;
  readonly tests: readonly [NamedTest, ...NamedTest[]];
  readonly mutant: Mutant;
}
