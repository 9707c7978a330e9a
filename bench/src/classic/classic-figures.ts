/** What one way of the classic example costs. Seconds, medians of the rounds. */
export interface ClassicWay {
  /** First run of the small set, model loaded and result saved. */
  readonly firstRun: number
  /** Of it, loading the model; embedding; and saving. */
  readonly loadModel: number
  readonly embed: number
  readonly save: number
  readonly textsPerSecond: number
  readonly bytesPerDocument: number
  /** From the file to the ten nearest of the large set. */
  readonly load: number
  /** A run after the new documents came to the large set; without loading the model, and with it. */
  readonly addNew: number
  readonly addNewWithModel: number
  readonly embeddedAgain: number
}

/** The classic example, both ways. */
export interface ClassicFigures {
  readonly model: string
  readonly modelBytes: number
  /** Documents of the small set, the large set, and those that come to it. */
  readonly small: number
  readonly large: number
  readonly added: number
  readonly tokensInDocument: number
  readonly rounds: number
  /** Seconds that a run takes to embed the large set anew, with the model loaded: Quern measured, the naive way by its speed on the small one. */
  readonly anew: { readonly naive: number; readonly quern: number }
  readonly naive: ClassicWay
  readonly quern: ClassicWay
}

/** How the figures stand to the goals. */
export interface ClassicGoals {
  /** Rows in which Quern is not ahead. */
  readonly behind: readonly string[]
  /** How many times faster loading is than embedding the large set anew with Quern. */
  readonly loadAgainstAnew: number
  /** How many times faster a run with new documents is than embedding them all, the large set and the new ones, anew with Quern. */
  readonly addAgainstAnew: number
  /** The same with the loading of the model in both. */
  readonly addAgainstAnewWithModel: number
  /** The same as `addAgainstAnew`, against embedding them all anew in the naive way. */
  readonly addAgainstNaiveAnew: number
}

const rows: readonly (readonly [keyof ClassicWay, string])[] = [
  ['firstRun', 'first run'],
  ['loadModel', 'loading the model'],
  ['embed', 'embedding'],
  ['save', 'saving'],
  ['bytesPerDocument', 'bytes a document'],
  ['load', 'loading'],
  ['addNew', 'new documents'],
  ['addNewWithModel', 'new documents, loading the model'],
]

/** Compares the figures with the goals: ahead in every row, loading 250 times and adding 86 times as fast as embedding anew. */
export function judgeClassic({ naive, quern, anew, large, added }: ClassicFigures): ClassicGoals {
  const withAdded = (large + added) / large
  return {
    behind: rows.filter(([figure]) => quern[figure] >= naive[figure]).map(([, label]) => label),
    loadAgainstAnew: anew.quern / quern.load,
    addAgainstAnew: (anew.quern * withAdded) / quern.addNew,
    addAgainstAnewWithModel: (anew.quern * withAdded + quern.loadModel) / quern.addNewWithModel,
    addAgainstNaiveAnew: (anew.naive * withAdded) / quern.addNew,
  }
}
