import { type Application, Converter, type ProjectReflection } from 'typedoc'

/** Plugin of typedoc: modules are called what they are imported as (`@quern/core/testing`), not where they lie (`packages/core/src/testing`). */
export function load({ converter }: Application): void {
  converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }: { readonly project: ProjectReflection }) => {
    for (const module of project.children ?? []) {
      module.name = module.name.replace(/^(?:packages|apps)\//, '@quern/').replace('/src', '')
    }
  })
}
