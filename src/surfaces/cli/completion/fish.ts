import type { ShellRow } from "./shell.ts";
import { splitLine } from "./split-line.ts";

/** Fish quotes what it puts in, and adds no space behind `=`, `:`, `/` and `@`. */
export const fish: ShellRow = {
  script: `# Completion of naftiko for fish. To install it:
#   mkdir -p ~/.config/fish/completions && naftiko completion fish > ~/.config/fish/completions/naftiko.fish

function __naftiko_complete
    set -l before (commandline -opc)
    set -e before[1]
    set -l answer (naftiko __complete fish $before (commandline -ct) 2>/dev/null)
    set -l kind (string split -m 1 \\t -- $answer[1])
    set -e answer[1]
    test (count $answer) -gt 0; and printf '%s\\n' $answer
    set -l start (math (string length -- "$kind[2]") + 1)
    switch "$kind[1]"
        case files
            for path in (__fish_complete_path (string sub -s $start -- (commandline -ct)))
                printf '%s%s\\n' "$kind[2]" $path
            end
        case folders
            for path in (__fish_complete_directories (string sub -s $start -- (commandline -ct)))
                printf '%s%s\\n' "$kind[2]" $path
            end
    end
end

complete -c naftiko -e
complete -c naftiko -f -k -a '(__naftiko_complete)'
`,
  readLine(words) {
    // The word at the cursor comes with its quotes, of which one may be open.
    return { before: words.slice(0, -1), current: splitLine(words.at(-1) ?? "").at(-1)?.text ?? "" };
  },
  writeAnswer({ candidates, paths }) {
    return [
      `${paths === undefined ? "words" : `${paths.kind}s`}\t${paths?.behind ?? ""}`,
      ...candidates.map(({ text, description }) => (description === "" ? text : `${text}\t${description}`)),
    ];
  },
};
