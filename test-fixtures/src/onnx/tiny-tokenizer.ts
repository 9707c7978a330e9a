const special = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]']
const words = ['the', 'a', 'and', 'in', 'mill', 'grain', 'flour', 'water', 'stone', 'wind', 'bread', 'text', 'wheel']
const letters = Array.from('abcdefghijklmnopqrstuvwxyz0123456789')
const punctuation = Array.from('.,:;!?\'"()-[]<>|/')

/** The tokens of the tiny model in the order of their ids: whole words, and single letters for all other words. */
export const tinyVocabulary: readonly string[] = [
  ...new Set([...special, ...words, ...letters, ...letters.map((letter) => `##${letter}`), ...punctuation]),
]

function tokenEntry(content: string): object {
  const id = tinyVocabulary.indexOf(content)
  return { id, content, single_word: false, lstrip: false, rstrip: false, normalized: false, special: true }
}

function specialTokenRule(token: string): object {
  return { id: token, ids: [tinyVocabulary.indexOf(token)], tokens: [token] }
}

/** A `tokenizer.json` as BERT models have it: WordPiece in lower case, [CLS] before and [SEP] after a text. */
export const tinyTokenizer = {
  version: '1.0',
  truncation: { direction: 'Right', max_length: 16, strategy: 'LongestFirst', stride: 0 },
  padding: null,
  added_tokens: special.map(tokenEntry),
  normalizer: {
    type: 'BertNormalizer',
    clean_text: true,
    handle_chinese_chars: true,
    strip_accents: null,
    lowercase: true,
  },
  pre_tokenizer: { type: 'BertPreTokenizer' },
  post_processor: {
    type: 'TemplateProcessing',
    single: [
      { SpecialToken: { id: '[CLS]', type_id: 0 } },
      { Sequence: { id: 'A', type_id: 0 } },
      { SpecialToken: { id: '[SEP]', type_id: 0 } },
    ],
    pair: [],
    special_tokens: { '[CLS]': specialTokenRule('[CLS]'), '[SEP]': specialTokenRule('[SEP]') },
  },
  decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
  model: {
    type: 'WordPiece',
    unk_token: '[UNK]',
    continuing_subword_prefix: '##',
    max_input_chars_per_word: 100,
    vocab: Object.fromEntries(tinyVocabulary.map((token, id) => [token, id])),
  },
}
