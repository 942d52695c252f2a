import type { Candidate } from "./completion.ts";
import type { ShellRow } from "./shell.ts";

/** Zsh quotes what it puts in, and tells a word from its display. */
export const zsh: ShellRow = {
  script: `#compdef naftiko
# Completion of naftiko for zsh. To install it, add this line to ~/.zshrc, below the call of compinit:
#   source <(naftiko completion zsh)
# or write it to a folder of $fpath, under the name _naftiko:
#   naftiko completion zsh > "\${fpath[1]}/_naftiko"

_naftiko() {
  local -a answer words_ shown open openShown
  local line text kind behind
  answer=("\${(@f)$(naftiko __complete zsh "\${(@Q)words[2,CURRENT-1]}" "\${(Q)PREFIX}" 2>/dev/null)}")
  kind=\${answer[1]%%$'\\t'*} behind=\${answer[1]#*$'\\t'}
  for line in "\${(@)answer[2,-1]}"; do
    text=\${line#*$'\\t'}
    case $line in
      open$'\\t'*) open+=("\${text%%$'\\t'*}") openShown+=("\${text#*$'\\t'}") ;;
      word$'\\t'*) words_+=("\${text%%$'\\t'*}") shown+=("\${text#*$'\\t'}") ;;
    esac
  done
  (( $#words_ )) && compadd -l -V naftiko -d shown -a words_
  (( $#open )) && compadd -l -V naftiko -S '' -d openShown -a open
  case $kind in
    files|folders)
      [[ -n $behind ]] && compset -P "*\${behind[-1]}"
      if [[ $kind == folders ]]; then _files -/; else _files; fi ;;
  esac
  (( compstate[nmatches] ))
}

if [[ $funcstack[1] == _naftiko ]]; then
  _naftiko "$@"
else
  compdef _naftiko naftiko
fi
`,
  readLine: words => ({ before: words.slice(0, -1), current: words.at(-1) ?? "" }),
  writeAnswer({ candidates, paths }) {
    const width = Math.min(WIDEST, Math.max(0, ...candidates.map(({ text }) => text.length)));
    return [
      `${paths === undefined ? "words" : `${paths.kind}s`}\t${paths?.behind ?? ""}`,
      ...candidates.map(
        candidate => `${candidate.isOpen === true ? "open" : "word"}\t${candidate.text}\t${shown(candidate, width)}`,
      ),
    ];
  },
};

const WIDEST = 40;

function shown({ text, description }: Candidate, width: number): string {
  return description === "" ? text : `${text.padEnd(width)}  -- ${description}`;
}
