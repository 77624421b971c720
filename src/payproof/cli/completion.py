"""Completion for shells: a script with all commands and options in it, so that no key press starts a Python."""

import os
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Any, NamedTuple

from payproof.cli.ending import say


class Shell(StrEnum):
    BASH = "bash"
    ZSH = "zsh"
    FISH = "fish"


class _Stop(NamedTuple):
    """What may follow once the words of `path` are typed."""

    path: str
    commands: dict[str, str]
    options: dict[str, str]
    """Each with its help."""


def script(command: Any, shell: Shell) -> str:
    """For the group of all commands."""
    stops = list(_stops(command))
    match shell:
        case Shell.BASH:
            return _BASH.format(steps=_steps(stops, "|"), words=_cases(stops, '"{}") words="{}";;'))
        case Shell.ZSH:
            return _ZSH.format(steps=_steps(stops, "|"), words=_cases(stops, '("{}") compadd -- {};;'))
        case Shell.FISH:
            return _FISH.format(steps=_steps(stops, " "), lines="\n".join(_fish_lines(stops)))


def install(command: Any, shell: Shell) -> Path:
    """Where the shell looks for it by itself; for zsh a line has to be added, which is told. Changes no other file."""
    data = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local/share")
    config = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
    path = {
        Shell.BASH: data / "bash-completion/completions/payproof",
        Shell.ZSH: data / "zsh/site-functions/_payproof",
        Shell.FISH: config / "fish/completions/payproof.fish",
    }[shell]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(script(command, shell))
    if shell is Shell.ZSH:
        say(f"add this line to ~/.zshrc: fpath+=({path.parent}); autoload -Uz compinit; compinit")
    return path


def _stops(command: Any, path: str = "") -> Iterator[_Stop]:
    inner: dict[str, Any] = getattr(command, "commands", {})
    commands = {name: _first_line(one.help) for name, one in inner.items()}
    options = {
        option: _first_line(getattr(param, "help", None))
        for param in command.params
        if param.param_type_name == "option"
        for option in (*param.opts, *param.secondary_opts)
    }
    yield _Stop(path, commands, {**options, "--help": "Show this message and exit."})
    for name, one in inner.items():
        yield from _stops(one, f"{path} {name}".strip())


def _first_line(text: str | None) -> str:
    return (text or "").strip().partition("\n")[0].replace("'", "’")


def _steps(stops: list[_Stop], between: str) -> str:
    """The pairs of where one is and what is typed that lead further."""
    return between.join(f'"{stop.path} {name}"' for stop in stops for name in stop.commands)


def _cases(stops: list[_Stop], line: str) -> str:
    return "\n    ".join(line.format(stop.path, " ".join((*stop.commands, *stop.options))) for stop in stops)


def _fish_lines(stops: list[_Stop]) -> Iterator[str]:
    for stop in stops:
        here = f"complete -c payproof -n '__payproof_at \"{stop.path}\"'"
        for name, about in stop.commands.items():
            yield f"{here} -f -a {name} -d '{about}'"
        for option, about in stop.options.items():
            yield f"{here} -l {option.removeprefix('--')} -d '{about}'"


_BASH = """\
# Completion of payproof for bash. Written by: payproof --show-completion bash
_payproof() {{
  local at= word words=
  for word in "${{COMP_WORDS[@]:1:COMP_CWORD-1}}"; do
    case "$at $word" in
    {steps}) at="${{at:+$at }}$word";;
    esac
  done
  case "$at" in
    {words}
  esac
  COMPREPLY=($(compgen -W "$words" -- "${{COMP_WORDS[COMP_CWORD]}}"))
}}
complete -o default -F _payproof payproof
"""
_ZSH = """\
#compdef payproof
# Completion of payproof for zsh. Written by: payproof --show-completion zsh
_payproof() {{
  local at= word
  for word in "${{(@)words[2,CURRENT-1]}}"; do
    case "$at $word" in
    ({steps}) at="${{at:+$at }}$word";;
    esac
  done
  case "$at" in
    {words}
  esac
  [[ -z "$at" ]] || _files
}}
if [[ "$funcstack[1]" == _payproof ]]; then _payproof "$@"; else compdef _payproof payproof; fi
"""
_FISH = """\
# Completion of payproof for fish. Written by: payproof --show-completion fish
function __payproof_at
  set -l at ''
  for word in (commandline -opc)[2..-1]
    if contains -- "$at $word" {steps}
      set at (string trim -- "$at $word")
    end
  end
  test "$at" = "$argv[1]"
end
{lines}
"""
