/** Programming languages and data formats that are read as they stand: name, and endings of their files. */
const languages: Readonly<Record<string, readonly string[]>> = {
  bash: ['.sh', '.bash', '.zsh'],
  c: ['.c', '.h'],
  clojure: ['.clj', '.cljs', '.cljc', '.edn'],
  cpp: ['.cc', '.cpp', '.cxx', '.hpp', '.hh', '.hxx'],
  csharp: ['.cs'],
  css: ['.css', '.scss', '.less'],
  dart: ['.dart'],
  elixir: ['.ex', '.exs'],
  erlang: ['.erl', '.hrl'],
  fsharp: ['.fs', '.fsx'],
  go: ['.go'],
  graphql: ['.graphql', '.gql'],
  groovy: ['.groovy', '.gradle'],
  haskell: ['.hs'],
  hcl: ['.tf', '.hcl'],
  ini: ['.ini', '.cfg', '.conf', '.properties'],
  java: ['.java'],
  javascript: ['.js', '.mjs', '.cjs', '.jsx'],
  json: ['.json', '.json5', '.jsonc', '.geojson'],
  julia: ['.jl'],
  kotlin: ['.kt', '.kts'],
  lua: ['.lua'],
  make: ['.mk'],
  matlab: ['.m'],
  nix: ['.nix'],
  ocaml: ['.ml', '.mli'],
  perl: ['.pl', '.pm'],
  php: ['.php'],
  powershell: ['.ps1', '.psm1'],
  proto: ['.proto'],
  python: ['.py', '.pyi'],
  r: ['.r'],
  ruby: ['.rb'],
  rust: ['.rs'],
  scala: ['.scala', '.sc'],
  solidity: ['.sol'],
  sql: ['.sql'],
  svelte: ['.svelte'],
  swift: ['.swift'],
  toml: ['.toml'],
  typescript: ['.ts', '.mts', '.cts', '.tsx'],
  vue: ['.vue'],
  xml: ['.xml', '.xsd', '.xsl', '.xslt'],
  yaml: ['.yaml', '.yml'],
  zig: ['.zig'],
}

/** Files that have a name in place of an ending. */
const languagesByName: ReadonlyMap<string, string> = new Map([
  ['dockerfile', 'dockerfile'],
  ['makefile', 'make'],
  ['gnumakefile', 'make'],
  ['rakefile', 'ruby'],
  ['gemfile', 'ruby'],
  ['jenkinsfile', 'groovy'],
])

const languagesByExtension: ReadonlyMap<string, string> = new Map(
  Object.entries(languages).flatMap(([language, extensions]) => extensions.map((extension) => [extension, language])),
)

/** Endings of files of source code, lower case. */
export const codeExtensions: readonly string[] = [...languagesByExtension.keys()]

/** Names of files of source code that have no ending, lower case. */
export const codeFileNames: readonly string[] = [...languagesByName.keys()]

/** The language of a file of source code, by its ending or else its name; both in lower case. */
export function codeLanguage(fileName: string, extension: string): string | undefined {
  return languagesByExtension.get(extension) ?? languagesByName.get(fileName)
}
