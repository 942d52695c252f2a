import type { Candidate } from "./completion.ts";
import type { ShellRow } from "./shell.ts";
import { splitLine, type TypedWord } from "./split-line.ts";

/** Values of `COMP_TYPE` with which words are only shown, or shown before they are put in: those have descriptions. */
const LISTING: ReadonlySet<string> = new Set(["?", "!", "@"].map(character => String(character.charCodeAt(0))));

/**
 * Readline splits words at characters such as `:` and `=`, and replaces the part behind the last one. So the script hands
 * over the line and that part, and gets the text for that part, quoted as the rest of the word is.
 */
export const bash: ShellRow = {
  script: `# Completion of naftiko for bash. To install it, add this line to ~/.bashrc:
#   source <(naftiko completion bash)
# or, where bash-completion loads such files on use:
#   mkdir -p ~/.local/share/bash-completion/completions
#   naftiko completion bash > ~/.local/share/bash-completion/completions/naftiko

_naftiko() {
  local kind="" before="" line
  COMPREPLY=()
  {
    IFS=$'\\t' read -r kind before
    while IFS= read -r line; do COMPREPLY+=("$line"); done
  } < <(naftiko __complete bash "\${COMP_LINE:0:COMP_POINT}" "$2" "$COMP_TYPE" 2>/dev/null)
  # bash 3 has no compopt: it adds a space, and completes files where there is nothing else.
  type compopt >/dev/null 2>&1 || return 0
  case $kind in
    files)
      if [[ -z $before ]]; then
        compopt -o default
      else
        # Readline would look for a path with that beginning.
        while IFS= read -r line; do
          [[ -d $line ]] && line+=/ && compopt -o nospace
          COMPREPLY+=("$before$(printf %q "$line")")
        done < <(compgen -f -- "\${2#"$before"}")
      fi ;;
    folders) compopt -o dirnames ;;
    open) compopt -o nospace ;;
  esac
  # Known to bash 4.4 and newer.
  compopt -o nosort 2>/dev/null
  return 0
}

if type compopt >/dev/null 2>&1; then
  complete -F _naftiko naftiko
else
  complete -o default -F _naftiko naftiko
fi
`,
  readLine([line = ""]) {
    const words = splitLine(line).map(({ text }) => text);
    // The shell skips assignments before the command.
    const command = words.findIndex(word => !/^\w+=/.test(word));
    return { before: words.slice(command + 1, -1), current: words.at(-1) ?? "" };
  },
  writeAnswer({ candidates, paths }, [line = "", part = "", type = ""]) {
    const word = splitLine(line).at(-1) ?? { raw: "", text: "", quote: "" };
    const head = splitLine(word.raw.slice(0, word.raw.length - part.length)).at(-1) ?? word;
    if (candidates.length === 0 && paths !== undefined)
      return [`${paths.kind}s\t${paths.behind.slice(head.text.length)}`];
    const isListed = LISTING.has(type) && candidates.length > 1;
    return [
      candidates.some(({ isOpen }) => isOpen) ? "open" : "words",
      ...(isListed ? listed(candidates, head) : candidates.map(candidate => replacement(candidate, head))),
    ];
  },
};

/** Returns the text for the part of the word that readline replaces. */
function replacement({ text }: Candidate, head: TypedWord): string {
  return quote(text.slice(head.text.length), head);
}

function quote(text: string, { quote }: TypedWord): string {
  if (quote === "'") return text.replaceAll("'", "'\\''");
  if (quote === '"') return quoteDouble(text);
  return text.replace(/[^\p{L}\p{N}_@%+=:,./-]/gu, "\\$&");
}

/**
 * Quotes a text behind an open double quote. An exclamation mark means a line of the history there, and a backslash before
 * it stays: so it is put in single quotes. Readline takes a quote at the beginning for the one that is open, and adds none
 * behind a quote at the end.
 */
function quoteDouble(text: string): string {
  const quoted = text.replace(/["$`\\]/g, "\\$&").replaceAll("!", `"'!'"`);
  return quoted.replace(/^"/, '""').replace(/'"$/, '\'""');
}

const WIDEST = 40;

/** Returns the candidates with their descriptions. What they have in common stays what readline may put in. */
function listed(candidates: readonly Candidate[], head: TypedWord): string[] {
  const texts = candidates.map(candidate => replacement(candidate, head));
  const width = Math.min(WIDEST, Math.max(...texts.map(text => text.length)));
  return texts.map((text, index) => {
    const { description = "" } = candidates[index] ?? {};
    return description === "" ? text : `${text.padEnd(width)}  ${description}`;
  });
}
