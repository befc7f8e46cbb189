import { useRef } from 'react';
import { listTags } from '../api.ts';
import { tagName, text } from '../i18n/text.ts';
import { Loading } from '../ui/loading.tsx';
import { Bone } from '../ui/skeleton.tsx';
import { useLoad } from '../ui/use-load.ts';

interface Props {
  chosen: string[];
  onChoose: (tags: string[]) => void;
}

/** A tick filters at once. On narrow screens the panel is folded, and "Apply" folds it again. */
export function Filters({ chosen, onChoose }: Props) {
  const tags = useLoad(listTags);
  const panel = useRef<HTMLDetailsElement>(null);
  const wide = matchMedia('(min-width: 56rem)').matches;
  return (
    <form
      id="filters"
      onSubmit={(event) => {
        event.preventDefault();
        if (!wide && panel.current) panel.current.open = false;
      }}
    >
      <details ref={panel} open={wide}>
        <summary>{text.socks.filterCount(chosen.length)}</summary>
        <fieldset>
          <legend className="hidden">{text.socks.filters}</legend>
          <Loading of={tags} skeleton={<TagSkeletons />}>
            {(names) => (
              <ul className="chips">
                {names.map((name) => (
                  <li key={name}>
                    <label className="chip">
                      <input
                        type="checkbox"
                        name="tags"
                        value={name}
                        checked={chosen.includes(name)}
                        onChange={(event) => {
                          const others = chosen.filter((tag) => tag !== name);
                          onChoose(event.currentTarget.checked ? [...others, name] : others);
                        }}
                      />
                      {tagName(name)}
                    </label>
                  </li>
                ))}
              </ul>
            )}
          </Loading>
          <div className="buttons">
            <button className="btn btn-small">{text.socks.apply}</button>
            <button
              type="button"
              className="btn btn-small btn-quiet"
              onClick={() => {
                onChoose([]);
              }}
            >
              {text.socks.clear}
            </button>
          </div>
        </fieldset>
      </details>
    </form>
  );
}

/** Eleven tags of the first stock. */
function TagSkeletons() {
  return (
    <ul className="chips" aria-hidden="true">
      {[6, 5.2, 6, 5, 5, 4.5, 5.5, 5, 5, 5.5, 5.5].map((width, index) => (
        <li key={index}>
          <Bone width={width} height={2.75} />
        </li>
      ))}
    </ul>
  );
}
